package dev.gradus.tools.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that was built, and the JDK it runs on. */
final class Version implements IVersionProvider {
  private static final String RESOURCE = "/dev/gradus/tools/command/version.properties";

  @Override
  public String[] getVersion() throws IOException {
    final Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      properties.load(in);
    }
    return new String[] {"Gradus " + properties.getProperty("version"), "JDK " + Runtime.version()};
  }
}
