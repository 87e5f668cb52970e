package dev.gradus.optim;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.AddSign;
import dev.gradus.graph.op.Clamp;
import dev.gradus.graph.op.Scale;
import dev.gradus.graph.op.ScaleBy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link Descent} in a graph: the ops from the gradients on, and the numbers they share. */
public final class Updates {
  private final Descent descent;
  private final Map<Optimizer, StepScalars> scalars = new LinkedHashMap<>();
  private final Map<Value, Value> averages = new LinkedHashMap<>();
  private final StepScalars main;
  private StepScalars[] all;

  private Updates(final Descent descent) {
    this.descent = descent;
    this.main = scalarsOf(descent.optimizer());
  }

  /**
   * Appends what a descent does in each step.
   *
   * @param gradients of the trained parameters, in their order.
   */
  public static Updates append(
      final Graph graph, final Map<Value, Value> gradients, final Descent descent) {
    final Updates updates = new Updates(descent);
    updates.append(graph, updates.limit(graph, updates.accumulate(graph, gradients)));
    updates.all = updates.scalars.values().toArray(StepScalars[]::new);
    return updates;
  }

  private StepScalars scalarsOf(final Optimizer optimizer) {
    return scalars.computeIfAbsent(optimizer, key -> new StepScalars(key, descent.accumulation()));
  }

  /** The mean of the gradients of some batches, each with its penalty. */
  private Map<Value, Value> accumulate(final Graph graph, final Map<Value, Value> gradients) {
    final Map<Value, Value> result = new LinkedHashMap<>();
    gradients.forEach(
        (parameter, gradient) -> {
          Value value = gradient;
          if (descent.l1() > 0) {
            value = graph.apply(new AddSign((float) descent.l1()), value, parameter);
          }
          if (descent.accumulation() > 1) {
            final Value sum = graph.state(parameter.name() + ".sum", parameter.shape());
            value = graph.apply(new Add(), value, sum);
            graph.applyAll(new KeepSum(main), sum, value);
            value = graph.apply(new Scale(1f / descent.accumulation()), value);
          }
          result.put(parameter, value);
        });
    return result;
  }

  private Map<Value, Value> limit(final Graph graph, final Map<Value, Value> gradients) {
    final Map<Value, Value> result = new LinkedHashMap<>(gradients);
    if (descent.clipValue() <= Float.MAX_VALUE) {
      final Clamp clamp = new Clamp((float) descent.clipValue());
      result.replaceAll((parameter, gradient) -> graph.apply(clamp, gradient));
    }
    if (descent.clipNorm() <= Float.MAX_VALUE) {
      final NormScale norm = new NormScale(descent.clipNorm());
      final Value factor = graph.apply(norm, result.values().toArray(Value[]::new));
      result.replaceAll((parameter, gradient) -> graph.apply(new ScaleBy(), gradient, factor));
    }
    return result;
  }

  private void append(final Graph graph, final Map<Value, Value> gradients) {
    gradients.forEach(
        (parameter, gradient) -> {
          final Optimizer optimizer = descent.optimizerOf(parameter);
          final List<Value> inputs = new ArrayList<>(List.of(parameter, gradient));
          if (optimizer.slots() > 0) {
            final String name = parameter.name() + "." + optimizer.name();
            inputs.add(graph.state(name, Update.stateShape(optimizer, parameter.shape())));
          }
          graph.applyAll(new Update(optimizer, scalarsOf(optimizer)), inputs.toArray(Value[]::new));
          if (descent.weightClip() <= Float.MAX_VALUE) {
            graph.applyAll(new WeightClip((float) descent.weightClip(), main), parameter);
          }
          if (descent.averageDecay() > 0) {
            final Value average = graph.state(parameter.name() + ".average", parameter.shape());
            graph.applyAll(new MovingAverage(descent.averageDecay(), main), average, parameter);
            averages.put(parameter, average);
          }
        });
  }

  public Descent descent() {
    return descent;
  }

  /** The state that holds the average of each trained parameter; empty where there is none. */
  public Map<Value, Value> averages() {
    return Collections.unmodifiableMap(averages);
  }

  /** Counts one more batch. */
  public void advance() {
    for (int i = 0; i < all.length; i++) {
      all[i].advance();
    }
  }

  /** Updates made. */
  public long step() {
    return main.step();
  }

  /** The rate of the descent's own optimizer. */
  public double learningRate() {
    return main.learningRate();
  }

  /**
   * Sets that rate; those of the groups stay in proportion.
   *
   * @param rate a finite float32 of 0 or more.
   */
  public void learningRate(final double rate) {
    final double usual = descent.optimizer().learningRate();
    main.learningRate(rate);
    for (int i = 0; i < all.length; i++) {
      if (all[i] != main) {
        all[i].learningRate(all[i].optimizer().learningRate() * (rate / usual));
      }
    }
  }
}
