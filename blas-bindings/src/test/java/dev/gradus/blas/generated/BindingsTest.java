package dev.gradus.blas.generated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.blas.library.OpenBlasLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Holds the bindings to the trimmed header, that to the library's own, and both to its symbols. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the OpenBLAS bindings are for Linux on x86-64")
final class BindingsTest {
  private static final Path FOLDER = Path.of("..", "tools", "jextract");
  private static final String LIBRARY_HEADER = "org/bytedeco/openblas/linux-x86_64/include/cblas.h";

  /** Exported by OpenBLAS and declared in a header of its sources that is not installed. */
  private static final Set<String> NOT_IN_CBLAS = Set.of("blas_thread_shutdown_");

  private static final Map<String, MemoryLayout> LAYOUTS =
      Map.of(
          "int", ValueLayout.JAVA_INT,
          "blasint", ValueLayout.JAVA_INT,
          "CBLAS_ORDER", ValueLayout.JAVA_INT,
          "CBLAS_TRANSPOSE", ValueLayout.JAVA_INT,
          "float", ValueLayout.JAVA_FLOAT,
          "float*", openblas_h.C_POINTER,
          "char*", openblas_h.C_POINTER);

  private static CHeader trimmed() throws IOException {
    return new CHeader(Files.readString(FOLDER.resolve("openblas.h")));
  }

  private static CHeader whole() throws IOException {
    try (InputStream in = BindingsTest.class.getClassLoader().getResourceAsStream(LIBRARY_HEADER)) {
      assertNotNull(in, LIBRARY_HEADER + " is in the jar of org.bytedeco:openblas");
      return new CHeader(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static FunctionDescriptor descriptor(final CHeader.Prototype prototype) {
    final MemoryLayout[] parameters =
        prototype.parameterTypes().stream().map(BindingsTest::layout).toArray(MemoryLayout[]::new);
    return prototype.returnType().equals("void")
        ? FunctionDescriptor.ofVoid(parameters)
        : FunctionDescriptor.of(layout(prototype.returnType()), parameters);
  }

  private static MemoryLayout layout(final String type) {
    final MemoryLayout layout = LAYOUTS.get(type);
    assertNotNull(layout, "layout of C type " + type);
    return layout;
  }

  private static Object call(final String method) throws ReflectiveOperationException {
    return openblas_h.class.getMethod(method).invoke(null);
  }

  @Test
  void shouldBindEveryFunctionOfTheHeader() throws IOException, ReflectiveOperationException {
    final Map<String, CHeader.Prototype> functions = trimmed().functions();
    assertEquals(8, functions.size(), functions.keySet().toString());
    for (final CHeader.Prototype prototype : functions.values()) {
      final String name = prototype.name();
      final FunctionDescriptor expected = descriptor(prototype);
      assertEquals(expected, call(name + "$descriptor"), name);
      final MethodHandle handle = (MethodHandle) call(name + "$handle");
      assertEquals(expected.toMethodType(), handle.type(), name);
      final Method wrapper =
          openblas_h.class.getMethod(name, expected.toMethodType().parameterArray());
      assertEquals(expected.toMethodType().returnType(), wrapper.getReturnType(), name);
      assertHolder(name);
    }
  }

  private static void assertHolder(final String name) throws ReflectiveOperationException {
    final Class<?> holder = Class.forName(openblas_h.class.getName() + "$" + name);
    for (final String field : List.of("DESC", "ADDR", "HANDLE")) {
      final int modifiers = holder.getField(field).getModifiers();
      assertTrue(Modifier.isStatic(modifiers) && Modifier.isFinal(modifiers), name + "." + field);
    }
  }

  @Test
  void shouldBindNothingElse() throws IOException {
    final CHeader header = trimmed();
    final Set<String> expected = new TreeSet<>();
    for (final String name : header.functions().keySet()) {
      expected.addAll(List.of(name, name + "$descriptor", name + "$handle", name + "$address"));
    }
    final Set<String> actual = new TreeSet<>();
    for (final Method method : openblas_h.class.getDeclaredMethods()) {
      final boolean visible = Modifier.isPublic(method.getModifiers());
      if (visible && !header.constants().containsKey(method.getName())) {
        actual.add(method.getName());
      }
    }
    assertEquals(expected, actual);
  }

  @Test
  void shouldGiveConstantsTheirValues() throws IOException, ReflectiveOperationException {
    final Map<String, Integer> constants = trimmed().constants();
    final List<String> bound = new ArrayList<>();
    for (final Method method : openblas_h.class.getDeclaredMethods()) {
      if (constants.containsKey(method.getName())) {
        assertEquals(constants.get(method.getName()), call(method.getName()), method.getName());
        bound.add(method.getName());
      }
    }
    assertEquals(6, bound.size(), bound.toString());
  }

  @Test
  void shouldFindEverySymbolInTheLibrary() throws IOException, ReflectiveOperationException {
    for (final String name : trimmed().functions().keySet()) {
      final MemorySegment found = OpenBlasLibrary.symbols().find(name).orElse(MemorySegment.NULL);
      assertNotEquals(0L, found.address(), name);
      assertEquals(found.address(), ((MemorySegment) call(name + "$address")).address(), name);
    }
  }

  @Test
  void shouldTrimTheHeaderOfTheLibraryWithoutChangingIt() throws IOException {
    final CHeader trimmed = trimmed();
    final CHeader whole = whole();
    assertTrue(whole.functions().size() > 100, "functions in cblas.h");
    for (final CHeader.Prototype prototype : trimmed.functions().values()) {
      if (!NOT_IN_CBLAS.contains(prototype.name())) {
        assertEquals(whole.functions().get(prototype.name()), prototype);
      }
    }
    for (final Map.Entry<String, Integer> constant : trimmed.constants().entrySet()) {
      assertEquals(
          whole.constants().get(constant.getKey()), constant.getValue(), constant.getKey());
    }
  }

  @Test
  void shouldNameEachBindingInTheScript() throws IOException {
    final String script = Files.readString(FOLDER.resolve("generate.sh"));
    final CHeader header = trimmed();
    for (final String name : header.functions().keySet()) {
      assertTrue(script.contains("--include-function " + name + " "), name);
    }
    for (final Method method : openblas_h.class.getDeclaredMethods()) {
      if (header.constants().containsKey(method.getName())) {
        assertTrue(
            script.contains("--include-constant " + method.getName() + " "), method::getName);
      }
    }
  }
}
