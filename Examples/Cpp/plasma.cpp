// A toy plasma code that measures, in situ, how far it has come from its reference run. The electrons move on
// a circle before fixed ions, by the particle-in-cell method; the reference has a finer mesh and smaller steps.
//
//   c++ -std=c++20 -O2 plasma.cpp -lkwass -o plasma
#include <kwass.hpp>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <numbers>
#include <vector>

class Plasma {
public:
  static constexpr double length = 4 * std::numbers::pi;

  /// Two beams of `count` electrons with a small wave, on a mesh of `cells`, in steps of `step`.
  Plasma(std::size_t count, std::size_t cells, double step)
      : x(count), v(count), field_(cells), charge_(cells), step_(step) {
    // A quiet start: the golden ratio spreads the positions, and the van der Corput sequence the thermal
    // part of the velocities.
    for (std::size_t i = 0; i < count; ++i) {
      const double u = std::fmod((i + .5) * 0.6180339887498949, 1.0);
      x[i] = length * u + 0.01 * std::sin(2 * std::numbers::pi * u);
      v[i] = (i % 2 ? 2.4 : -2.4) + 0.3 * (radicalInverse(i + 1) - .5);
    }
  }

  /// Advances by a step.
  void advance() {
    drift(step_ / 2);
    kick(step_);
    drift(step_ / 2);
  }

  std::vector<double> x, v;

private:
  static double radicalInverse(std::size_t index) {
    double value = 0, digit = .5;
    for (; index; index /= 2, digit /= 2) value += digit * (index % 2);
    return value;
  }

  void drift(double time) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = std::fmod(x[i] + time * v[i], length);
      if (x[i] < 0) x[i] += length;
    }
  }

  void kick(double time) {
    solveField();
    const auto cells = field_.size();
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double place = x[i] / length * cells;
      const auto left = static_cast<std::size_t>(place) % cells;
      const double part = place - std::floor(place);
      v[i] -= time * ((1 - part) * field_[left] + part * field_[(left + 1) % cells]);
    }
  }

  /// E' = 1 - n at the nodes of the mesh, with mean 0, where n is the density of the electrons.
  void solveField() {
    const auto cells = field_.size();
    const double width = length / cells, each = static_cast<double>(cells) / x.size();
    charge_.assign(cells, 1.0);
    for (const double position : x) {
      const double place = position / length * cells;
      const auto left = static_cast<std::size_t>(place) % cells;
      const double part = place - std::floor(place);
      charge_[left] -= each * (1 - part);
      charge_[(left + 1) % cells] -= each * part;
    }
    double sum = 0, mean = 0;
    for (std::size_t j = 0; j < cells; ++j) {
      const double next = sum + width * charge_[j];
      field_[j] = (sum + next) / 2;
      mean += field_[j] / cells;
      sum = next;
    }
    for (double &value : field_) value -= mean;
  }

  std::vector<double> field_, charge_;
  double step_;
};

int main() try {
  constexpr std::size_t electrons = 1000;
  constexpr int refinement = 4;
  constexpr double step = .01;
  Plasma plasma(electrons, 32, step);
  Plasma reference(electrons, 32 * refinement, step / refinement);

  const double box[] = {Plasma::length};
  const auto measured = [&](const Plasma &run) { return kwass::measure(run.x, run.v, 1, {}, box); };
  kwass::solver solver(kwass::metric::standard(2));
  std::puts(" time    W2        bracket");
  for (int count = 0; count <= 400; ++count) {
    if (count % 100 == 0) {
      const auto distance = solver.distance(measured(plasma), measured(reference));
      const auto summary = distance.summary();
      std::printf("%5.1f  %.6f  [%.6f, %.6f]  %lld iterations, %s\n", count * step, distance.distance(),
                  distance.lower(), distance.upper(), static_cast<long long>(summary.iterations),
                  summary.is_warm ? "from the last solution" : "from scratch");
    }
    plasma.advance();
    for (int part = 0; part < refinement; ++part) reference.advance();
  }
} catch (const kwass::error &error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
