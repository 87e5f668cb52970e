package dev.gradus.plan;

import dev.gradus.graph.Node;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.Lifetime;
import dev.gradus.memory.LifetimePlanner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives every value that is not kept from run to run, and every step's scratch, its place in one
 * workspace, by liveness. Moment 0 is the hand-over of inputs, moment {@code i + 1} the run of node
 * {@code i}, the moment behind the last node the reading of results. An op that may overwrite an
 * input which dies there takes over its place. A view lives as what it is a view of.
 */
final class PlaceMemory {
  private final List<Node> nodes;
  private final int capacity;
  private final Views views;
  private final Set<Value> pinned = new HashSet<>();
  private final Map<Value, Value> homes = new HashMap<>(); // value to the value whose place it has
  private final Map<Value, Integer> births = new HashMap<>();
  private final Map<Value, Integer> deaths = new HashMap<>();

  private PlaceMemory(final List<Node> nodes, final int capacity, final Set<Value> pinned) {
    this.nodes = nodes;
    this.capacity = capacity;
    this.views = Views.of(nodes);
    pinned.forEach(value -> this.pinned.add(views.root(value)));
  }

  /**
   * The workspace.
   *
   * @param offsets of every placed value, in bytes.
   * @param scratchOffsets one for each node.
   * @param bytes its size.
   */
  record Workspace(Map<Value, Long> offsets, List<Long> scratchOffsets, long bytes) {
    Workspace {
      offsets = Map.copyOf(offsets);
      scratchOffsets = List.copyOf(scratchOffsets);
    }
  }

  /**
   * Places.
   *
   * @param inputs what the caller writes before a run.
   * @param pinned values that keep their place from the hand-over, or their birth, to the end.
   * @param prepared one for each node.
   */
  static Workspace place(
      final List<Node> nodes,
      final List<Prepared> prepared,
      final List<Value> inputs,
      final Set<Value> pinned,
      final int capacity) {
    final PlaceMemory pass = new PlaceMemory(nodes, capacity, pinned);
    pass.findLives(inputs);
    pass.findHomes();
    return pass.layOut(prepared);
  }

  private static boolean isPlaced(final Value value) {
    return switch (value.role()) {
      case INPUT, CONSTANT, COMPUTED -> true;
      case PARAMETER, STATE -> false;
    };
  }

  private void findLives(final List<Value> inputs) {
    final int end = nodes.size() + 1;
    for (final Value input : inputs) {
      live(input, 0);
    }
    for (int i = 0; i < nodes.size(); i++) {
      for (final Value input : nodes.get(i).inputs()) {
        live(input, i + 1);
      }
      for (final Value output : nodes.get(i).outputs()) {
        live(output, i + 1);
      }
    }
    births.replaceAll((value, moment) -> value.role() == Value.Role.CONSTANT ? 0 : moment);
    deaths.replaceAll((value, moment) -> outlivesRun(value) ? end : moment);
  }

  private boolean outlivesRun(final Value value) {
    return pinned.contains(value) || value.role() == Value.Role.CONSTANT;
  }

  private void live(final Value used, final int moment) {
    final Value value = views.root(used);
    if (isPlaced(value)) {
      births.putIfAbsent(value, moment);
      deaths.put(value, moment);
    }
  }

  private void findHomes() {
    for (final Value value : births.keySet()) {
      homes.put(value, value);
    }
    for (int i = 0; i < nodes.size(); i++) {
      final Node node = nodes.get(i);
      final Value heir = node.outputs().isEmpty() ? null : node.outputs().get(node.op().heir());
      for (int input = 0; heir != null && input < node.inputs().size(); input++) {
        final Value value = views.root(node.input(input));
        if (node.op().canOverwrite(input)
            && diesAt(value, i + 1)
            && node.input(input).type().equals(heir.type())) {
          homes.put(heir, homes.get(value));
          break;
        }
      }
    }
  }

  private boolean diesAt(final Value value, final int moment) {
    return isPlaced(value) && !outlivesRun(value) && deaths.get(value) == moment;
  }

  private Workspace layOut(final List<Prepared> prepared) {
    final Map<Value, Lifetime> lives = new HashMap<>();
    for (final Map.Entry<Value, Value> entry : homes.entrySet()) {
      final Value value = entry.getKey();
      final Lifetime life =
          new Lifetime(value.type().bytes(capacity), births.get(value), deaths.get(value));
      lives.merge(entry.getValue(), life, PlaceMemory::join);
    }
    final List<Value> owners = new ArrayList<>(lives.keySet());
    owners.sort((a, b) -> Integer.compare(a.id(), b.id()));
    final List<Lifetime> blocks = new ArrayList<>();
    for (final Value owner : owners) {
      blocks.add(lives.get(owner));
    }
    for (int i = 0; i < nodes.size(); i++) {
      blocks.add(new Lifetime(prepared.get(i).scratchBytes(), i + 1, i + 1));
    }
    final LifetimePlanner.Layout layout = LifetimePlanner.place(blocks);
    final Map<Value, Long> places = new HashMap<>();
    for (int i = 0; i < owners.size(); i++) {
      places.put(owners.get(i), layout.offsets().get(i));
    }
    final Map<Value, Long> offsets = new HashMap<>();
    homes.forEach((value, home) -> offsets.put(value, places.get(home)));
    views.forEach(
        (view, root) -> {
          if (offsets.containsKey(root)) {
            offsets.put(view, offsets.get(root));
          }
        });
    return new Workspace(
        offsets, layout.offsets().subList(owners.size(), blocks.size()), layout.bytes());
  }

  private static Lifetime join(final Lifetime a, final Lifetime b) {
    return new Lifetime(
        Math.max(a.bytes(), b.bytes()),
        Math.min(a.first(), b.first()),
        Math.max(a.last(), b.last()));
  }
}
