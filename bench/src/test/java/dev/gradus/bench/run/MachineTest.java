package dev.gradus.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MachineTest {
  @Test
  void shouldNameTheClassByCpuAndVectors() {
    final Machine machine =
        Machine.of(
            List.of(
                "processor\t: 0",
                "cpu family\t: 25",
                "model\t\t: 1",
                "model name\t: AMD EPYC",
                "flags\t\t: fpu avx2 fma",
                "",
                "model name\t: another"),
            2,
            "25.0.3+9-LTS");
    assertEquals("AMD EPYC family 25 model 1", machine.cpu());
    assertEquals("amd-epyc-family-25-model-1-256-bit", machine.cpuClass());
    assertEquals("25", machine.jdkFeature());
  }

  @Test
  void shouldHaveNoWiderVectorsThanHeldTo() {
    assertEquals(256, new Machine("CPU", 512, 2, "25").heldTo(256).simd());
    assertEquals(128, new Machine("CPU", 128, 2, "25").heldTo(256).simd());
  }

  @Test
  void shouldDetectThisOne() {
    final Machine machine = Machine.detect();
    assertEquals(Runtime.getRuntime().availableProcessors(), machine.processors());
    assertEquals(Integer.toString(Runtime.version().feature()), machine.jdkFeature());
  }
}
