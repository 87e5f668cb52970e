package dev.gradus.gemm;

/** The program that {@link VectorWidthTest} starts. */
final class VectorWidthCheck {
  private VectorWidthCheck() {}

  public static void main(final String[] arguments) {
    final JavaGemmTest test = new JavaGemmTest();
    test.compareModes();
    test.compareModesAcrossBlocks();
    new TransposedGemmTest().compareModesOfFewColumns();
    System.out.println("same bits: " + VectorGemm.NAME);
  }
}
