package dev.gradus.blas;

/**
 * The OpenBLAS in use.
 *
 * @param version for example {@code 0.3.31}.
 * @param config its build, as it tells it.
 * @param core the CPU whose kernels it uses, for example {@code Zen}.
 * @param concurrentCalls how many calls Gradus lets run at the same time.
 * @param source which of the places it comes from.
 * @param path the file.
 * @param remark what makes it slower than it could be or how it was found; empty where there is
 *     nothing to say.
 */
public record OpenBlasInfo(
    String version,
    String config,
    String core,
    int concurrentCalls,
    String source,
    String path,
    String remark) {

  /** All that matters in one line. */
  public String detail() {
    return "OpenBLAS "
        + version
        + ", core type "
        + core
        + ", one thread per call, from "
        + source
        + " ("
        + path
        + ")"
        + (remark.isEmpty() ? "" : "; " + remark);
  }
}
