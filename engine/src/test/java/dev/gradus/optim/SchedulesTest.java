package dev.gradus.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.memory.GradusException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SchedulesTest {
  @Test
  void shouldKnowEachByItsName() {
    assertEquals(
        List.of(
            "constant",
            "linear",
            "warmup",
            "step",
            "multistep",
            "exponential",
            "polynomial",
            "cosine",
            "cosine_restarts",
            "one_cycle",
            "inverse_sqrt",
            "plateau"),
        List.copyOf(Schedules.names()));
  }

  @Test
  void shouldGiveAScheduleTheStepsThatAreLeft() {
    assertEquals(
        new WarmUp(100).then(new Cosine(900, 0)), Schedules.parse(" warmup( 100 )  cosine ", 1000));
    assertEquals(
        new Constant(1, 30).then(new LinearDecay(20, 1, 0.5)).then(new Exponential(0.9)),
        Schedules.parse("constant(1, 30) linear(0.5, 20) exponential(0.9)", 100));
    assertEquals(new OneCycle(100, 0.3, 25, 1e4), Schedules.parse("one_cycle", 100));
  }

  @Test
  void shouldStayAtTheEnd() {
    final Schedule schedule = Schedules.parse("warmup(4) cosine(0.25)", 10);
    assertEquals(10, schedule.length());
    assertEquals(0.25, schedule.factor(0));
    assertEquals(1, schedule.factor(3));
    assertEquals(1, schedule.factor(4));
    assertEquals(0.25, schedule.factor(10));
    assertEquals(0.25, schedule.factor(Long.MAX_VALUE));
    assertEquals(0, new LinearDecay(10).factor(Long.MAX_VALUE));
    assertEquals(1 / 25.0 / 1e4, new OneCycle(10).factor(Long.MAX_VALUE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cosin               | unknown schedule \"cosin\": expected=one of [constant, linear, ",
        "cosin               | nearest=cosine",
        "warmup              | arguments of warmup mismatch: expected=steps, actual=[]",
        "warmup(many)        | arguments of warmup mismatch: expected=steps, actual=[many]",
        "warmup(1.5)         | arguments of warmup mismatch: expected=steps, actual=[1.5]",
        "warmup(0)           | length of warmup out of range: expected=1 or more, actual=0",
        "warmup(1,2)         | expected=steps, actual=[1, 2]",
        "cosine(-1)          | end of cosine out of range: expected=a finite float32 of 0 or more",
        "cosine(NaN)         | end of cosine out of range",
        "multistep(0.1)      | milestones of multistep mismatch: expected=growing numbers of steps",
        "multistep(0.1,5,5)  | expected=growing numbers of steps, actual=[5, 5]",
        "constant cosine     | schedule before Cosine[length=1, end=0.0] mismatch: expected=one",
        "one_cycle(1)        | rise of one_cycle out of range",
        "one_cycle(0.3,0)    | divisors of one_cycle out of range: expected=above 0",
        "plateau(1)          | gamma of plateau out of range: expected=above 0, below 1,"
            + " actual=1.0",
        "plateau(0.1,-1)     | patience and cool-down of plateau out of range",
        "cosine_restarts(9,0)| growth of cosine_restarts out of range: expected=1 or more,"
            + " actual=0",
        "step(3,-1)          | gamma of step out of range"
      })
  void shouldRefuseWhatDoesNotFit(final String text, final String part) {
    final GradusException e = assertThrows(GradusException.class, () -> Schedules.parse(text, 100));
    assertEquals(part, e.getMessage().contains(part) ? part : e.getMessage());
  }
}
