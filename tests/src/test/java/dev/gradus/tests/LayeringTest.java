package dev.gradus.tests;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import dev.gradus.memory.Shape;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.BaseStream;
import java.util.stream.Stream;

/**
 * Keeps the rooms apart. Each uses only rooms to its right, and none beside it:
 *
 * <pre>
 * train, online, io -> plan -> nn | loss | optim -> graph -> gemm -> kernel | parallel -> memory
 * train, online -> data -> kernel | parallel -> memory
 * blas -> gemm
 * </pre>
 */
@AnalyzeClasses(packages = "dev.gradus", importOptions = ImportOption.DoNotIncludeTests.class)
final class LayeringTest {

  private static final List<String> TO_THE_RIGHT_OF_GEMM = List.of("kernel", "parallel", "memory");
  private static final List<String> TO_THE_RIGHT_OF_GRAPH = and(TO_THE_RIGHT_OF_GEMM, "gemm");
  private static final List<String> TO_THE_RIGHT_OF_NN = and(TO_THE_RIGHT_OF_GRAPH, "graph");
  private static final List<String> TO_THE_RIGHT_OF_PLAN =
      and(TO_THE_RIGHT_OF_NN, "nn", "loss", "optim");

  private static final Map<String, List<String>> USES =
      Map.ofEntries(
          Map.entry("memory", List.of()),
          Map.entry("kernel", List.of("memory")),
          Map.entry("parallel", List.of("memory")),
          Map.entry("gemm", TO_THE_RIGHT_OF_GEMM),
          Map.entry("graph", TO_THE_RIGHT_OF_GRAPH),
          Map.entry("nn", TO_THE_RIGHT_OF_NN),
          Map.entry("loss", TO_THE_RIGHT_OF_NN),
          Map.entry("optim", TO_THE_RIGHT_OF_NN),
          Map.entry("plan", TO_THE_RIGHT_OF_PLAN),
          Map.entry("data", List.of("kernel", "parallel", "memory")),
          Map.entry("train", and(TO_THE_RIGHT_OF_PLAN, "plan", "data")),
          Map.entry("online", and(TO_THE_RIGHT_OF_PLAN, "plan", "data")),
          Map.entry("io", and(TO_THE_RIGHT_OF_PLAN, "plan")),
          Map.entry("blas", and(TO_THE_RIGHT_OF_GEMM, "gemm")));

  private static final Set<String> STARTING_A_THREAD =
      Set.of("ofPlatform", "ofVirtual", "startVirtualThread", "start");

  /** ArchUnit skips class files it cannot read, and every rule holds for nothing. */
  @ArchTest
  static void shouldReadTheEngine(JavaClasses classes) {
    assertTrue(classes.contain(Shape.class), "expected=" + Shape.class + ", actual=" + classes);
  }

  @ArchTest
  static void shouldUseOnlyRoomsToTheRight(JavaClasses classes) {
    LayeredArchitecture rooms =
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
    for (String room : USES.keySet()) {
      rooms = rooms.layer(room).definedBy("dev.gradus." + room + "..");
    }
    for (Map.Entry<String, List<String>> uses : USES.entrySet()) {
      LayeredArchitecture.LayerDependencySpecification room = rooms.whereLayer(uses.getKey());
      rooms =
          uses.getValue().isEmpty()
              ? room.mayNotAccessAnyLayer()
              : room.mayOnlyAccessLayers(uses.getValue().toArray(String[]::new));
    }
    rooms.ensureAllClassesAreContainedInArchitecture().check(classes);
  }

  @ArchTest
  static void shouldHaveNoPackageCycles(JavaClasses classes) {
    slices().matching("dev.gradus.(**)").should().beFreeOfCycles().check(classes);
  }

  @ArchTest
  static void shouldUseTheVectorApiOnlyInKernels(JavaClasses classes) {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.gradus.kernel..", "dev.gradus.gemm..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(classes);
  }

  @ArchTest
  static void shouldLinkNativeCodeOnlyInBlas(JavaClasses classes) {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.gradus.blas..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Linker.class, SymbolLookup.class)
        .check(classes);
  }

  @ArchTest
  static void shouldCreateThreadsOnlyInParallel(JavaClasses classes) {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.gradus.parallel..")
        .should()
        .beAssignableTo(Thread.class)
        .orShould()
        .callConstructorWhere(
            describe("one creates a thread", call -> isThread(call.getTargetOwner())))
        .orShould()
        .callMethodWhere(startsAThread())
        .orShould()
        .callMethodWhere(goesParallel())
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(LockSupport.class, Executors.class, CompletableFuture.class)
        .orShould()
        .dependOnClassesThat(assignableTo(Executor.class).or(assignableTo(ForkJoinTask.class)))
        .check(classes);
  }

  private static DescribedPredicate<JavaMethodCall> startsAThread() {
    return describe(
        "one starts a thread",
        call -> isThread(call.getTargetOwner()) && STARTING_A_THREAD.contains(call.getName()));
  }

  private static DescribedPredicate<JavaMethodCall> goesParallel() {
    return describe(
        "a stream goes parallel",
        call -> {
          JavaClass owner = call.getTargetOwner();
          return (owner.isAssignableTo(BaseStream.class) && call.getName().equals("parallel"))
              || (owner.isAssignableTo(Collection.class)
                  && call.getName().equals("parallelStream"));
        });
  }

  private static List<String> and(List<String> rooms, String... more) {
    return Stream.concat(rooms.stream(), Stream.of(more)).toList();
  }

  private static boolean isThread(JavaClass type) {
    return type.isAssignableTo(Thread.class);
  }
}
