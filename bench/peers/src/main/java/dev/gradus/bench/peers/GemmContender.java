package dev.gradus.bench.peers;

/** Who multiplies matrices. */
enum GemmContender implements Contender {
  GRADUS_JAVA("gradus-java"),
  GRADUS_OPENBLAS("gradus-openblas"),
  OPENBLAS("openblas"),
  MKL("mkl"),
  ONEDNN("onednn"),
  ND4J("nd4j");

  private final String title;

  GemmContender(final String title) {
    this.title = title;
  }

  static GemmContender of(final String title) {
    return Contender.named(title, values());
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public boolean ours() {
    return this == GRADUS_JAVA || this == GRADUS_OPENBLAS;
  }

  GemmCall prepare(final GemmTask task, final int threads) {
    return switch (this) {
      case GRADUS_JAVA -> new GradusGemm(task, "java", threads);
      case GRADUS_OPENBLAS -> new GradusGemm(task, "openblas", threads);
      case OPENBLAS -> NativeGemm.openblas(task);
      case MKL -> NativeGemm.mkl(task);
      case ONEDNN -> new OneDnnGemm(task);
      case ND4J -> new Nd4jGemm(task);
    };
  }
}
