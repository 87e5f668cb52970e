#!/usr/bin/env bash
# Times Gradus and its peers side by side: bench/peers.sh --help. Builds what changed first.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
here="$PWD"

cd "$root"
mvn -q -B -ntp -Ppeers -pl bench/peers -am -DskipTests -Dformat.phase=none \
  -Dmaven.compiler.failOnWarning=false package

# The JDK that the build found and compiled with.
java_home="${GRADUS_JAVA_HOME:-$(awk '
  /<version>25[.<+-]/ { wanted = 1 }
  /<jdkHome>/ && wanted { gsub(/.*<jdkHome>|<\/jdkHome>.*/, ""); print; exit }
  /<\/toolchain>/ { wanted = 0 }' target/jdks.xml)}"
class_path="$root/bench/peers/target/gradus-bench-peers.jar:$(<bench/peers/target/class-path)"

cd "$here"
exec env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE \
  "$java_home/bin/java" -cp "$class_path" dev.gradus.bench.peers.Compare "$@"
