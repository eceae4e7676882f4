// The tests of kwass.hpp.
#include <kwass.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <vector>

static void expect(bool condition, const char *what, int line) {
  if (condition) return;
  std::fprintf(stderr, "test.cpp:%d: not true: %s\n", line, what);
  std::exit(1);
}
#define EXPECT(condition) expect((condition), #condition, __LINE__)

template <typename Exception, typename Body> static std::string message(Body body) {
  try {
    body();
  } catch (const Exception &exception) {
    return exception.what();
  }
  return "nothing was thrown";
}

static std::vector<double> cloud(std::size_t count, unsigned seed) {
  std::vector<double> numbers(count);
  for (double &number : numbers) {
    seed = seed * 1664525u + 1013904223u;
    number = seed / 4294967296.0;
  }
  return numbers;
}

static void distances() {
  const std::vector<double> x{0, 0, 1, 0}, y{0, 1, 1, 1};
  const auto r = kwass::distance(kwass::measure::points(x, 2), kwass::measure::points(y, 2));
  EXPECT(r.finished() && r.distance() == 1 && r.lower() <= 1 && r.upper() >= 1 && r.cost() == 1);
  EXPECT(r.plan().masses.size() == 2 && r.plan().masses[0] == .5);
  EXPECT(r.potentials().source.size() == 2);
  EXPECT(std::string_view(r.summary().metric) == "split, p = 2");

  // On the circle of length 1 with a velocity each, and in single precision.
  const std::vector<double> box{1}, p{.95}, q{.05}, v{1}, w{1.5};
  const kwass::measure a(p, v, 1, {}, box), b(q, w, 1, {}, box);
  EXPECT(std::abs(kwass::distance(a, b).cost() - (.01 + .25)) < 1e-12);
  EXPECT(std::abs(kwass::distance(a, b, kwass::metric::anisotropic(4)).cost() - .29) < 1e-12);
  EXPECT(std::abs(kwass::distance(a, b, kwass::metric::free_flow(.1)).cost() - .2525) < 1e-12);
  const std::vector<float> single{0, 1}, other{.5, 1.5};
  EXPECT(kwass::distance(kwass::measure::points<float>(single, 1),
                         kwass::measure::points<float>(other, 1)).distance() == .5);
  const auto [lower, upper] = kwass::bounds(a, b);
  EXPECT(lower <= std::sqrt(.26) && std::sqrt(.26) <= upper);
}

static void gradients() {
  const auto x = cloud(40, 1), y = cloud(60, 2);
  kwass::options options;
  options.wants = KWASS_WANT_GRADIENT;
  const auto r = kwass::distance(kwass::measure::points(x, 2), kwass::measure::points(y, 2), {}, options);
  EXPECT(r.gradient(KWASS_SOURCE).positions.size() == 40);
  EXPECT(r.gradient(KWASS_TARGET).positions.size() == 60);
  EXPECT(r.gradient(KWASS_TARGET).velocities.empty() && r.gradient(KWASS_TARGET).masses.size() == 30);
  // All derivatives together are those of a translation of both, which changes nothing.
  double sum = 0;
  for (double slope : r.gradient(KWASS_SOURCE).positions) sum += slope;
  for (double slope : r.gradient(KWASS_TARGET).positions) sum += slope;
  EXPECT(std::abs(sum) < 1e-12);
}

static void errors() {
  const std::vector<double> x{0, 1, NAN};
  EXPECT(message<kwass::error>([&] { kwass::measure::points(x, 1); }).find("nan") != std::string::npos);
  EXPECT(message<kwass::error>([&] { kwass::measure::points(x, 2); }).find("rows") != std::string::npos);
  EXPECT(message<kwass::error>([] { kwass::metric::twisted(1, 2, 1); }).find("positive definite") !=
         std::string::npos);
  const std::vector<double> one{0}, weights{1, 2};
  EXPECT(message<kwass::error>([&] { kwass::measure::points(one, 1, weights); }) ==
         "There must be a weight for each point.");
  const auto a = kwass::measure::points(one, 1);
  kwass::metric metric;
  metric.exponent = .5;
  EXPECT(message<kwass::error>([&] { kwass::distance(a, a, metric); }).find("0.5") != std::string::npos);
  EXPECT(message<kwass::error>([&] { (void)kwass::distance(a, a).gradient(KWASS_SOURCE); }) !=
         "nothing was thrown");
}

static void progress() {
  const auto x = cloud(9000, 3), y = cloud(9000, 4);
  const auto a = kwass::measure::points(x, 3), b = kwass::measure::points(y, 3);
  kwass::options options;
  options.on_progress = [](std::string_view stage, double) -> bool {
    throw std::runtime_error("at " + std::string(stage));
  };
  EXPECT(message<std::runtime_error>([&] { kwass::distance(a, b, {}, options); }).starts_with("at "));
  options.on_progress = [](std::string_view, double) { return false; };
  const auto stopped = kwass::distance(a, b, kwass::metric::standard(1), options);
  EXPECT(!stopped.finished() && stopped.status() == KWASS_STOPPED && std::isnan(stopped.distance()));
  EXPECT(stopped.lower() >= 0 && stopped.lower() <= stopped.upper());
  kwass::solver solver({}, options);
  auto moved = std::move(solver);
  EXPECT(!moved.distance(a, b).finished());
}

static void series() {
  const auto x = cloud(200, 5), y = cloud(200, 6);
  kwass::solver solver;
  for (int step = 0; step < 3; ++step) {
    auto moved = x;
    for (double &number : moved) number += .01 * step;
    const auto a = kwass::measure::points(moved, 2), b = kwass::measure::points(y, 2);
    const auto r = solver.distance(a, b);
    EXPECT(std::abs(r.distance() - kwass::distance(a, b).distance()) < 1e-12);
    EXPECT((r.summary().is_warm != 0) == (step > 0));
  }
  solver.reset();
}

static void threads() {
  const auto x = cloud(400, 7), y = cloud(400, 8);
  const auto a = kwass::measure::points(x, 2), b = kwass::measure::points(y, 2);
  const double alone = kwass::distance(a, b).distance();
  std::vector<double> found(8);
  std::vector<std::thread> workers;
  for (double &each : found) workers.emplace_back([&] { each = kwass::distance(a, b).distance(); });
  for (auto &worker : workers) worker.join();
  for (double each : found) EXPECT(each == alone);
}

int main() {
  static_assert(std::is_nothrow_move_constructible_v<kwass::measure>);
  static_assert(!std::is_copy_constructible_v<kwass::result>);
  distances();
  gradients();
  errors();
  progress();
  series();
  threads();
  std::puts("kwass.hpp: all tests passed");
}
