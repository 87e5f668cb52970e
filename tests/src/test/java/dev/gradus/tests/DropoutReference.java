package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.Dropout;
import java.math.BigInteger;
import java.util.List;

/** Factors of dropout, with a Philox written from its definition in whole numbers. */
final class DropoutReference {
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(32);
  private static final BigInteger[] MULTIPLIERS = {number(0xD2511F53L), number(0xCD9E8D57L)};
  private static final long[] WEYL = {0x9E3779B9L, 0xBB67AE85L};

  private DropoutReference() {}

  private static BigInteger number(final long unsigned) {
    return new BigInteger(Long.toUnsignedString(unsigned));
  }

  /** Four words of Philox4x32-10 from a counter of four words and a key of two. */
  private static long[] philox(final long[] counter, final long[] key) {
    long[] c = counter;
    for (int round = 0; round < 10; round++) {
      final BigInteger[] p0 = MULTIPLIERS[0].multiply(number(c[0])).divideAndRemainder(WORD);
      final BigInteger[] p1 = MULTIPLIERS[1].multiply(number(c[2])).divideAndRemainder(WORD);
      final long key0 = (key[0] + round * WEYL[0]) % WORD.longValue();
      final long key1 = (key[1] + round * WEYL[1]) % WORD.longValue();
      c =
          new long[] {
            p1[0].longValue() ^ c[1] ^ key0,
            p1[1].longValue(),
            p0[0].longValue() ^ c[3] ^ key1,
            p0[1].longValue()
          };
    }
    return c;
  }

  private static long low(final long number) {
    return Integer.toUnsignedLong((int) number);
  }

  private static long high(final long number) {
    return number >>> 32;
  }

  static List<RealTensor> dropout(final Op op, final List<RealTensor> inputs) {
    final Dropout drop = (Dropout) op;
    final RealTensor y = RealTensor.zeros(inputs.get(0).shape());
    final RealTensor mask = RealTensor.zeros(inputs.get(0).shape());
    final long run = (long) inputs.get(1).at(0) + ((long) inputs.get(1).at(1) << 24);
    final long stream = ((drop.stream() + 1) << 48) + run;
    final double kept = 1 / (1 - drop.rate());
    for (int i = 0; i < mask.length(); i++) {
      final long factor = i / drop.repeat();
      final long block = factor / 32 * 8 + factor % 16 / 2;
      final long[] words =
          philox(
              new long[] {low(block), high(block), low(stream), high(stream)},
              new long[] {low(drop.seed()), high(drop.seed())});
      final long word = words[(int) (factor % 32 / 16 * 2 + factor % 2)];
      final boolean dropped = word >>> 8 < Math.rint(drop.rate() * (1 << 24));
      final double x = inputs.get(0).at(i);
      y.set(i, dropped ? 0 : x * kept, dropped ? 0 : 2 * Math.abs(x) * kept);
      mask.set(i, dropped ? 0 : kept, dropped ? 0 : kept);
    }
    return List.of(y, mask);
  }
}
