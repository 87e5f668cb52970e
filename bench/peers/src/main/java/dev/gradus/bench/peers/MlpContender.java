package dev.gradus.bench.peers;

import java.util.Map;

/** Who trains and predicts, and each one's set-up: its fastest honest one that was found. */
enum MlpContender implements Contender {
  GRADUS_JAVA("gradus-java"),
  GRADUS_OPENBLAS("gradus-openblas"),
  TORCH_OPENBLAS("torch-openblas"),
  TORCH_OPENBLAS_FUSED("torch-openblas-fused"),
  TORCH_MKL("torch-mkl"),
  TORCH_MKL_FUSED("torch-mkl-fused"),
  TENSORFLOW("tensorflow"),
  DJL("djl");

  private final String title;

  MlpContender(final String title) {
    this.title = title;
  }

  static MlpContender of(final String title) {
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

  /** Whether it is a contender of its own in predictions, where no optimizer runs. */
  boolean predicts() {
    return this != TORCH_OPENBLAS_FUSED && this != TORCH_MKL_FUSED;
  }

  /**
   * libtorch's threads and those of OpenBLAS would wait for work by spinning, on the same cores, so
   * both are told to sleep.
   */
  @Override
  public Map<String, String> environment(final int threads) {
    final Map<String, String> environment = Contender.super.environment(threads);
    if ("openblas".equals(blas()) && threads > 1) {
      environment.put("OMP_WAIT_POLICY", "PASSIVE");
      environment.put("OPENBLAS_THREAD_TIMEOUT", "4");
    }
    return environment;
  }

  private String backend() {
    return this == GRADUS_JAVA ? "java" : "openblas";
  }

  /** Which library serves libtorch's products; null for others. */
  private String blas() {
    return switch (this) {
      case TORCH_OPENBLAS, TORCH_OPENBLAS_FUSED -> "openblas";
      case TORCH_MKL, TORCH_MKL_FUSED -> "mkl";
      default -> null;
    };
  }

  MlpTraining training(final MlpTask task, final int threads) {
    return switch (this) {
      case GRADUS_JAVA, GRADUS_OPENBLAS -> GradusMlp.training(task, backend(), threads);
      case TORCH_OPENBLAS, TORCH_MKL -> {
        TorchMlp.load(blas(), threads);
        yield TorchMlp.training(task, false);
      }
      case TORCH_OPENBLAS_FUSED, TORCH_MKL_FUSED -> {
        TorchMlp.load(blas(), threads);
        yield TorchMlp.training(task, true);
      }
      case TENSORFLOW -> new TensorFlowMlp(task, threads, true);
      case DJL -> {
        DjlMlp.load(threads);
        yield DjlMlp.training(task);
      }
    };
  }

  MlpPrediction prediction(final MlpTask task, final int threads) {
    return switch (this) {
      case GRADUS_JAVA, GRADUS_OPENBLAS -> GradusMlp.prediction(task, backend(), threads);
      case TORCH_OPENBLAS, TORCH_MKL, TORCH_OPENBLAS_FUSED, TORCH_MKL_FUSED -> {
        TorchMlp.load(blas(), threads);
        yield TorchMlp.prediction(task);
      }
      case TENSORFLOW -> new TensorFlowMlp(task, threads, false);
      case DJL -> {
        DjlMlp.load(threads);
        yield DjlMlp.prediction(task);
      }
    };
  }
}
