package dev.gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.memory.GradusException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TableNetworksTest {
  private static final TableNetworks TABLE = new TableNetworks(3, List.of(4, 2));
  private static final String LINEAR =
      "columns(3,2) categorical(1,4,2) column_sum() | columns(0,3) dense(1)";
  private static final String EMBEDDED =
      "concat(columns(0,3) | columns(3,2) categorical(8,4,2) flatten())";

  @Test
  void shouldJoinALinearModelAndADeepOne() {
    assertEquals(
        "input(5) sum(" + LINEAR + " | " + EMBEDDED + " dense(16,tanh) dense(1))",
        TABLE.wideDeep(1, 8, Activations.TANH, 16).describe());
  }

  @Test
  void shouldShareEmbeddingsBetweenTheFactorizationMachineAndTheDeepModel() {
    assertEquals(
        "input(5) sum("
            + LINEAR
            + " | "
            + EMBEDDED
            + " sum(columns(3,16) reshape(2,8) factorization_machine() dense(1)"
            + " | dense(16,relu) dense(8,relu) dense(1)))",
        TABLE.deepFm(1, 8, Activations.RELU, 16, 8).describe());
  }

  @Test
  void shouldDoWithoutNumbers() {
    final TableNetworks codes = new TableNetworks(0, List.of(4, 2));
    assertEquals(
        "input(2) sum(columns(0,2) categorical(3,4,2) column_sum()"
            + " | columns(0,2) categorical(2,4,2) flatten() dense(3))",
        codes.wideDeep(3, 2, Activations.RELU).describe());
    assertEquals(3, codes.deepFm(3, 2, Activations.RELU, 4).output().shape().last());
  }

  @Test
  void shouldRefuseTablesWithoutCategories() {
    assertThrows(GradusException.class, () -> new TableNetworks(3, List.of()));
    assertThrows(GradusException.class, () -> new TableNetworks(-1, List.of(2)));
  }
}
