package dev.gradus.graph;

import dev.gradus.gemm.GemmProvider;
import dev.gradus.kernel.KernelMode;
import dev.gradus.parallel.WorkerTeam;

/** What steps compute with. */
public record Backend(KernelMode mode, GemmProvider gemm, WorkerTeam team) {}
