package dev.gradus.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One owned block of zeroed off-heap memory, 64-byte aligned, from which tensors are cut. Closing
 * returns the memory at once. Whoever runs kernels over a slab's raw addresses does so between
 * {@link #acquire()} and {@link #release()}; a slab in use refuses to close.
 */
public final class Slab implements AutoCloseable {
  /** Alignment of every slab and of every tensor in it: a cache line and a 512-bit vector. */
  public static final int ALIGNMENT = 64;

  private final String name;
  private final long bytes;
  private final MemoryAccount account;
  private final Arena arena;
  private final MemorySegment segment;
  private final UseCount users;

  private Slab(final String name, final long bytes, final MemoryAccount account) {
    this.name = name;
    this.bytes = bytes;
    this.account = account;
    this.users = new UseCount(name);
    this.arena = Arena.ofShared();
    try {
      this.segment = arena.allocate(bytes, ALIGNMENT);
    } catch (final OutOfMemoryError e) {
      arena.close();
      throw new GradusException(
          "off-heap memory for " + name + " is not to be had: expected=" + bytes + " bytes", e);
    }
  }

  /**
   * Allocates a slab.
   *
   * @param name what it holds, for error messages.
   * @param bytes size, 0 or more.
   * @throws GradusException where the system has not that much memory.
   */
  public static Slab open(final MemoryAccount account, final String name, final long bytes) {
    if (bytes < 0) {
      throw GradusException.outOfRange("bytes of " + name, "0 or more", bytes);
    }
    final Slab slab = new Slab(name, bytes, account);
    account.opened(bytes);
    return slab;
  }

  /** The smallest multiple of {@link #ALIGNMENT} that holds {@code bytes}. */
  public static long aligned(final long bytes) {
    return sum(bytes, ALIGNMENT - 1) & -ALIGNMENT;
  }

  /**
   * Two sizes in bytes together.
   *
   * @throws GradusException where they are more than a long can count.
   */
  public static long sum(final long bytes, final long more) {
    if (bytes > Long.MAX_VALUE - more) {
      throw GradusException.outOfRange("sum of bytes", "below 2^63", bytes + " and " + more);
    }
    return bytes + more;
  }

  /**
   * Cuts a tensor.
   *
   * @param byteOffset a multiple of {@link #ALIGNMENT}.
   * @param type a type without a batch dimension.
   * @throws GradusException where the slab is closed, or the tensor would not lie in it, aligned.
   */
  public Tensor tensor(final long byteOffset, final TensorType type) {
    requireOpen();
    if (byteOffset % ALIGNMENT != 0) {
      throw GradusException.outOfRange(
          "byte offset in " + name, "a multiple of " + ALIGNMENT, byteOffset);
    }
    final long size = type.bytes(1);
    if (byteOffset < 0 || size > bytes - byteOffset) {
      throw GradusException.mismatch(
          "place in " + name, "within " + bytes + " bytes", size + " bytes from " + byteOffset);
    }
    return new Tensor(this, type, segment.asSlice(byteOffset, size));
  }

  public String name() {
    return name;
  }

  public long bytes() {
    return bytes;
  }

  /** The whole block; access through it fails once the slab is closed. */
  public MemorySegment segment() {
    return segment;
  }

  public boolean isOpen() {
    return users.isOpen();
  }

  /** Keeps the slab from being closed until {@link #release()}. */
  public void acquire() {
    users.acquire();
  }

  public void release() {
    users.release();
  }

  void requireOpen() {
    users.requireOpen();
  }

  /**
   * Frees the memory. Closing twice is harmless.
   *
   * @throws GradusException where a run is using it; the slab stays open.
   */
  @Override
  public void close() {
    if (users.close()) {
      arena.close();
      account.closed(bytes);
    }
  }
}
