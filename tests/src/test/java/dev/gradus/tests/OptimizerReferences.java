package dev.gradus.tests;

import dev.gradus.optim.AdaGrad;
import dev.gradus.optim.Adadelta;
import dev.gradus.optim.AdamW;
import dev.gradus.optim.Adamax;
import dev.gradus.optim.AmsGrad;
import dev.gradus.optim.Lion;
import dev.gradus.optim.Momentum;
import dev.gradus.optim.Nadam;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.RAdam;
import dev.gradus.optim.RmsProp;
import java.util.ArrayList;
import java.util.List;

/** The adaptive optimizers in double precision, as their papers and PyTorch define them. */
final class OptimizerReferences {
  private OptimizerReferences() {}

  /** The optimizers with all their settings in use. */
  static List<Optimizer> withAllSettings() {
    return List.of(
        new AdaGrad(0.05, 0.1, 1e-3, 0.01),
        new RmsProp(0.01, 0.9, 1e-3, 0.01, 0, false),
        new RmsProp(0.01, 0.9, 1e-3, 0.01, 0.8, false),
        new RmsProp(0.01, 0.9, 1e-2, 0.01, 0.8, true),
        new Adadelta(0.5, 0.8, 1e-3, 0.01),
        new AmsGrad(0.01, 0.8, 0.99, 1e-3, 0.01),
        new AdamW(0.01, 0.8, 0.99, 1e-3, 0.1),
        new Adamax(0.01, 0.8, 0.99, 1e-3, 0.01),
        new Nadam(0.01, 0.8, 0.99, 1e-3, 0.01, 0.1),
        new RAdam(0.01, 0.8, 0.5, 1e-3, 0.01),
        new RAdam(0.01, 0.8, 0.99, 1e-3, 0.01),
        new Lion(0.01, 0.8, 0.9, 0.1));
  }

  /** A state some steps into training: means of either sign, squares that are not negative. */
  static Draw state(final Optimizer optimizer) {
    return (random, shape) -> {
      final double[] values = Draw.normal().from(random, shape);
      for (int i = 0; i < values.length; i++) {
        final int slot = i / shape.last();
        values[i] =
            switch (optimizer) {
              case Momentum momentum -> values[i];
              case RmsProp rms when slot == 1 -> (float) (0.25 * values[i]);
              case RmsProp rms when slot == 2 -> values[i];
              case RmsProp rms -> (float) (0.25 + Math.abs(values[i]));
              case AdaGrad adaGrad -> Math.abs(values[i]);
              case Adadelta adadelta -> Math.abs(values[i]);
              default -> slot == 0 ? values[i] : Math.abs(values[i]);
            };
      }
      return values;
    };
  }

  /**
   * One weight's step.
   *
   * @param slots what is kept for it.
   * @return the new weight, then the new slots.
   */
  static List<Rounded> step(
      final Optimizer optimizer,
      final double rate,
      final long step,
      final Rounded p,
      final Rounded g,
      final List<Rounded> slots) {
    return switch (optimizer) {
      case AdaGrad o -> {
        final Rounded d = g.plus(p.times(o.weightDecay()));
        final Rounded v = slots.get(0).plus(d.times(d));
        final double falling = rate / (1 + (step - 1) * o.rateDecay());
        yield moved(p, d.times(falling).over(v.sqrt().plus(Rounded.of(o.epsilon()))), v);
      }
      case RmsProp o -> rmsProp(o, rate, p, g, slots);
      case Adadelta o -> {
        final Rounded d = g.plus(p.times(o.weightDecay()));
        final Rounded eps = Rounded.of(o.epsilon());
        final Rounded v = mean(o.rho(), slots.get(0), d.times(d));
        final Rounded x = slots.get(1).plus(eps).sqrt().over(v.plus(eps).sqrt()).times(d);
        yield moved(p, x.times(rate), v, mean(o.rho(), slots.get(1), x.times(x)));
      }
      case AmsGrad o -> {
        final Rounded d = g.plus(p.times(o.weightDecay()));
        final Rounded m = mean(o.beta1(), slots.get(0), d);
        final Rounded v = mean(o.beta2(), slots.get(1), d.times(d));
        final Rounded u = slots.get(2).max(v);
        final Rounded root =
            u.sqrt().times(correction(o.beta2(), step)).plus(Rounded.of(o.epsilon()));
        yield moved(p, m.times(rate / bias(o.beta1(), step)).over(root), m, v, u);
      }
      case AdamW o -> {
        final Rounded m = mean(o.beta1(), slots.get(0), g);
        final Rounded v = mean(o.beta2(), slots.get(1), g.times(g));
        final Rounded root =
            v.sqrt().times(correction(o.beta2(), step)).plus(Rounded.of(o.epsilon()));
        final Rounded kept = p.times(1 - rate * o.weightDecay());
        yield moved(kept, m.times(rate / bias(o.beta1(), step)).over(root), m, v);
      }
      case Adamax o -> {
        final Rounded d = g.plus(p.times(o.weightDecay()));
        final Rounded m = mean(o.beta1(), slots.get(0), d);
        final Rounded u = slots.get(1).times(o.beta2()).max(d.abs().plus(Rounded.of(o.epsilon())));
        yield moved(p, m.times(rate / bias(o.beta1(), step)).over(u), m, u);
      }
      case Nadam o -> nadam(o, rate, step, p, g, slots);
      case RAdam o -> rAdam(o, rate, step, p, g, slots);
      case Lion o -> {
        final Rounded m = slots.get(0);
        final double sign = Math.signum(mean(o.beta1(), m, g).value());
        final Rounded kept = p.times(1 - rate * o.weightDecay());
        yield moved(kept, Rounded.of(rate * sign), mean(o.beta2(), m, g));
      }
      default -> throw new AssertionError("optimizer " + optimizer + " has no reference");
    };
  }

  private static List<Rounded> rmsProp(
      final RmsProp o,
      final double rate,
      final Rounded p,
      final Rounded g,
      final List<Rounded> slots) {
    final Rounded d = g.plus(p.times(o.weightDecay()));
    final Rounded eps = Rounded.of(o.epsilon());
    final Rounded v = mean(o.alpha(), slots.get(0), d.times(d));
    if (slots.size() == 1) {
      return moved(p, d.times(rate).over(v.sqrt().plus(eps)), v);
    }
    final Rounded a = mean(o.alpha(), slots.get(1), d);
    final Rounded variance = o.centred() ? v.minus(a.times(a)) : v;
    final Rounded quotient = d.over(variance.max(Rounded.exact(0)).sqrt().plus(eps));
    final Rounded b = slots.get(2).times(o.momentum()).plus(quotient);
    return moved(p, b.times(rate), v, a, b);
  }

  private static List<Rounded> nadam(
      final Nadam o,
      final double rate,
      final long step,
      final Rounded p,
      final Rounded g,
      final List<Rounded> slots) {
    final Rounded d = g.plus(p.times(o.weightDecay()));
    final Rounded m = mean(o.beta1(), slots.get(0), d);
    final Rounded v = mean(o.beta2(), slots.get(1), d.times(d));
    double product = 1;
    for (long t = 1; t <= step; t++) {
      product *= mu(o, t);
    }
    final double next = mu(o, step + 1);
    final Rounded direction =
        m.times(rate * next / (1 - product * next))
            .plus(d.times(rate * (1 - mu(o, step)) / (1 - product)));
    final Rounded root = v.sqrt().times(correction(o.beta2(), step)).plus(Rounded.of(o.epsilon()));
    return moved(p, direction.over(root), m, v);
  }

  private static double mu(final Nadam o, final long step) {
    return o.beta1() * (1 - 0.5 * Math.pow(0.96, step * o.momentumDecay()));
  }

  private static List<Rounded> rAdam(
      final RAdam o,
      final double rate,
      final long step,
      final Rounded p,
      final Rounded g,
      final List<Rounded> slots) {
    final Rounded d = g.plus(p.times(o.weightDecay()));
    final Rounded m = mean(o.beta1(), slots.get(0), d);
    final Rounded v = mean(o.beta2(), slots.get(1), d.times(d));
    final double limit = 2 / (1 - o.beta2()) - 1;
    final double length =
        limit - 2 * step * Math.pow(o.beta2(), (double) step) / bias(o.beta2(), step);
    final double plain = rate / bias(o.beta1(), step);
    if (length <= 5) {
      return moved(p, m.times(plain), m, v);
    }
    final double rectified =
        Math.sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length));
    final Rounded root = v.sqrt().plus(Rounded.of(o.epsilon()));
    final double factor = plain * rectified * Math.sqrt(bias(o.beta2(), step));
    return moved(p, m.times(factor).over(root), m, v);
  }

  private static double bias(final double beta, final long step) {
    return 1 - Math.pow(beta, (double) step);
  }

  private static double correction(final double beta, final long step) {
    return 1 / Math.sqrt(bias(beta, step));
  }

  /** {@code beta * old + (1 - beta) * more}; {@code old} may be taken off {@code more} first. */
  private static Rounded mean(final double beta, final Rounded old, final Rounded more) {
    final Rounded mean = old.times(beta).plus(more.times(1 - beta));
    return new Rounded(mean.value(), mean.bound() + 3 * Math.abs(old.value()) * (1 - beta));
  }

  private static List<Rounded> moved(final Rounded p, final Rounded by, final Rounded... slots) {
    final List<Rounded> results = new ArrayList<>(List.of(p.minus(by)));
    results.addAll(List.of(slots));
    return results;
  }
}
