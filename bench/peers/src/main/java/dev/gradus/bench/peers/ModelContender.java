package dev.gradus.bench.peers;

import java.util.Map;

/** Who trains and predicts, and each one's set-up: its fastest honest one that was found. */
enum ModelContender implements Contender {
  GRADUS_AUTO("gradus-auto"),
  GRADUS_JAVA("gradus-java"),
  GRADUS_OPENBLAS("gradus-openblas"),
  TORCH_OPENBLAS("torch-openblas"),
  TORCH_OPENBLAS_FUSED("torch-openblas-fused"),
  TORCH_MKL("torch-mkl"),
  TORCH_MKL_FUSED("torch-mkl-fused"),
  TENSORFLOW("tensorflow"),
  DJL("djl"),
  DL4J("dl4j");

  private final String title;

  ModelContender(final String title) {
    this.title = title;
  }

  static ModelContender of(final String title) {
    return Contender.named(title, values());
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public boolean ours() {
    return this == GRADUS_AUTO || this == GRADUS_JAVA || this == GRADUS_OPENBLAS;
  }

  /**
   * Whether it trains that model of {@link dev.gradus.bench.work.Models}. DJL 0.35.1 releases its
   * LSTM's weights with the first step.
   */
  boolean trains(final String model) {
    return !model.equals(ModelTask.LSTM) || this != DJL;
  }

  /** Whether it is a contender of its own in predictions, where no optimizer runs. */
  boolean predicts() {
    return this != TORCH_OPENBLAS_FUSED && this != TORCH_MKL_FUSED;
  }

  /**
   * The threads of libtorch, or of ND4J, and those of OpenBLAS would wait for work by spinning, on
   * the same cores, so both are told to sleep.
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
    return title.substring(title.indexOf('-') + 1);
  }

  /** Which library serves libtorch's or ND4J's products; null for others. */
  private String blas() {
    return switch (this) {
      case TORCH_OPENBLAS, TORCH_OPENBLAS_FUSED, DL4J -> "openblas";
      case TORCH_MKL, TORCH_MKL_FUSED -> "mkl";
      default -> null;
    };
  }

  Training training(final ModelTask task, final int threads) {
    return switch (this) {
      case GRADUS_AUTO, GRADUS_JAVA, GRADUS_OPENBLAS ->
          GradusModel.training(task, backend(), threads);
      case TORCH_OPENBLAS, TORCH_MKL -> {
        TorchModel.load(blas(), threads);
        yield TorchModel.training(task, false);
      }
      case TORCH_OPENBLAS_FUSED, TORCH_MKL_FUSED -> {
        TorchModel.load(blas(), threads);
        yield TorchModel.training(task, true);
      }
      case TENSORFLOW -> new TensorFlowModel(task, threads, true);
      case DJL -> {
        DjlModel.load(threads);
        yield DjlModel.training(task);
      }
      case DL4J -> new Dl4jModel(task, true);
    };
  }

  Prediction prediction(final ModelTask task, final int threads) {
    return switch (this) {
      case GRADUS_AUTO, GRADUS_JAVA, GRADUS_OPENBLAS ->
          GradusModel.prediction(task, backend(), threads);
      case TORCH_OPENBLAS, TORCH_MKL, TORCH_OPENBLAS_FUSED, TORCH_MKL_FUSED -> {
        TorchModel.load(blas(), threads);
        yield TorchModel.prediction(task);
      }
      case TENSORFLOW -> new TensorFlowModel(task, threads, false);
      case DJL -> {
        DjlModel.load(threads);
        yield DjlModel.prediction(task);
      }
      case DL4J -> new Dl4jModel(task, false);
    };
  }
}
