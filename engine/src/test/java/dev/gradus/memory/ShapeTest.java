package dev.gradus.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShapeTest {
  @Test
  void shouldCountElementsOfFixedShapes() {
    final Shape shape = Shape.of(2, 3, 5);
    assertEquals(3, shape.rank());
    assertEquals(5, shape.last());
    assertEquals(30, shape.elements(7), "rows are those of a batch");
    assertEquals(6, shape.vectors(7));
    assertEquals(15, shape.rowElements());
    assertFalse(shape.isBatched());
    assertEquals("[2,3,5]", shape.toString());
  }

  @Test
  void shouldCountElementsOfBatchesByRows() {
    final Shape shape = Shape.batched(4, 6);
    assertTrue(shape.isBatched());
    assertEquals(Shape.BATCH, shape.dim(0));
    assertEquals(24, shape.elements(1));
    assertEquals(240, shape.elements(10));
    assertEquals(40, shape.vectors(10));
    assertEquals(24, shape.rowElements());
    assertEquals("[N,4,6]", shape.toString());
    assertEquals(Shape.of(10, 4, 6), shape.at(10));
    assertEquals(Shape.of(4, 6), Shape.of(4, 6).at(10));
  }

  @Test
  void shouldCountOneElementWithoutDimensions() {
    assertEquals(1, Shape.of().elements(9));
    assertEquals(0, Shape.of().rank());
    assertEquals("[]", Shape.of().toString());
    assertEquals(3, Shape.batched().elements(3));
    assertEquals(1, Shape.batched().rowElements());
  }

  @Test
  void shouldReplaceAndDropTheLastDimension() {
    assertEquals(Shape.of(2, 9), Shape.of(2, 3).withLast(9));
    assertEquals(Shape.batched(9), Shape.batched(3).withLast(9));
    assertEquals(Shape.of(2), Shape.of(2, 3).withoutLast());
    assertEquals(Shape.batched(), Shape.batched(3).withoutLast());
  }

  @Test
  void shouldEqualByDimensions() {
    assertEquals(Shape.of(2, 3), Shape.of(2, 3));
    assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
    assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
    assertNotEquals(Shape.of(2), Shape.batched());
  }

  @Test
  void shouldNotFollowTheArrayItWasMadeOf() {
    final int[] dims = {2, 3};
    final Shape shape = Shape.of(dims);
    dims[0] = 100;
    assertEquals(Shape.of(2, 3), shape);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void shouldRefuseDimensionsBelowOne(final int dim) {
    final String actual = ", actual=[2, " + dim + "]";
    assertEquals(
        "dimension out of range: expected=1 or more" + actual,
        assertThrows(GradusException.class, () -> Shape.of(2, dim)).getMessage());
    assertEquals(
        "dimension out of range: expected=1 or more" + actual,
        assertThrows(GradusException.class, () -> Shape.batched(2, dim)).getMessage());
    assertThrows(GradusException.class, () -> Shape.of(2, 3).withLast(dim));
    assertThrows(GradusException.class, () -> Shape.batched(3).at(dim));
  }

  @Test
  void shouldRefuseMoreElementsThanCanBeCounted() {
    final int most = Integer.MAX_VALUE;
    final Shape elements = Shape.of(most, most, most);
    final Shape bytes = Shape.batched(most);
    assertEquals(
        "elements of [2147483647,2147483647,2147483647] out of range: expected=below 2^63,"
            + " actual=more",
        assertThrows(GradusException.class, () -> elements.elements(1)).getMessage());
    assertThrows(GradusException.class, () -> elements.vectors(1));
    assertThrows(GradusException.class, () -> Shape.of(1, most, most, most).rowElements());
    assertEquals((long) most * most, bytes.elements(most));
    assertEquals(
        "bytes of f32[N,2147483647] out of range: expected=below 2^63, actual=more",
        assertThrows(GradusException.class, () -> TensorType.float32(bytes).bytes(most))
            .getMessage());
  }
}
