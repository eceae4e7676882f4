/*
 * kwass for C++20: objects that free themselves, spans, and exceptions, over the C library in kwass.h.
 *
 *   kwass::measure before(x, v, 1), after(y, w, 1);     // vectors of doubles, a row for each particle
 *   kwass::result r = kwass::distance(before, after);
 *   std::cout << r.distance() << " in [" << r.lower() << ", " << r.upper() << "]\n";
 *
 * - Everything is inline; link with libkwass.
 * - Errors are thrown as kwass::error, whose what() is the sentence of the library. Where the work ended
 *   early (a time limit, say), nothing is thrown: finished() is false, and the bracket is what was proved.
 * - Functions of the caller may throw: what the progress function throws is thrown by the call.
 * - Spans belong to the result, and live as long as it does.
 */
#ifndef KWASS_HPP
#define KWASS_HPP

#include <kwass.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kwass {

/** An error of the library; status() is one of KWASS_ERROR_…. */
class error : public std::runtime_error {
public:
  error(std::int32_t status, const char *message) : std::runtime_error(message), status_(status) {}
  std::int32_t status() const noexcept { return status_; }

private:
  std::int32_t status_;
};

namespace detail {

/** Throws for an error; other statuses are passed on. */
inline std::int32_t check(std::int32_t status) {
  if (status < 0) throw error(status, kwass_last_message());
  return status;
}

template <auto free> struct deleter {
  void operator()(auto *object) const noexcept { free(object); }
};

inline kwass_array array(std::span<const double> numbers, std::size_t dimension) {
  return {numbers.data(), static_cast<std::int64_t>(dimension * sizeof(double)), sizeof(double),
          KWASS_DOUBLE, static_cast<std::int32_t>(dimension)};
}

inline kwass_array array(std::span<const float> numbers, std::size_t dimension) {
  return {numbers.data(), static_cast<std::int64_t>(dimension * sizeof(float)), sizeof(float),
          KWASS_FLOAT, static_cast<std::int32_t>(dimension)};
}

} // namespace detail

/** A metric: kwass_metric with its defaults. All its fields may be changed. */
struct metric : kwass_metric {
  metric() { detail::check(kwass_metric_init(this, sizeof(kwass_metric))); }
  metric(const kwass_metric &other) : kwass_metric(other) {}

  /** |x - y|^p + |v - w|^p */
  static metric standard(double exponent = 2) {
    metric made;
    made.exponent = exponent;
    return made;
  }
  /** weight |x - y|^p + |v - w|^p */
  static metric anisotropic(double weight, double exponent = 2) {
    metric made;
    detail::check(kwass_metric_set_anisotropic(&made, weight, exponent));
    return made;
  }
  /** (a |x - y|^2 + 2b (x - y).(v - w) + c |v - w|^2)^(p/2) */
  static metric twisted(double a, double b, double c, double exponent = 2) {
    metric made;
    detail::check(kwass_metric_set_twisted(&made, a, b, c, exponent));
    return made;
  }
  /** |(x - tv) - (y - tw)|^p + |v - w|^p */
  static metric free_flow(double time, double exponent = 2) {
    metric made;
    detail::check(kwass_metric_set_free_flow(&made, time, exponent));
    return made;
  }
};

/** Options: kwass_options with its defaults, and a progress function. All fields may be changed but
 *  `progress` and `progress_context`, in the place of which stands `on_progress`. */
struct options : kwass_options {
  options() { detail::check(kwass_options_init(this, sizeof(kwass_options))); }

  /** Is told of a stage and of the part of it that is done, NaN where that cannot be told; returns
   *  whether to go on. */
  std::function<bool(std::string_view, double)> on_progress;
};

/** A measure: points or particles with masses, in the library's own copy. */
class measure {
public:
  /** Points in `dimension` coordinates: one after another. Without weights all masses are equal.
   *  `box` has the period of each axis, 0 for one that is not periodic. */
  template <typename Number>
  static measure points(std::span<const Number> positions, std::size_t dimension,
                        std::span<const double> weights = {}, std::span<const double> box = {}) {
    return measure(positions, dimension, std::span<const Number>{}, 0, weights, box);
  }
  static measure points(const std::vector<double> &positions, std::size_t dimension,
                        std::span<const double> weights = {}, std::span<const double> box = {}) {
    return points(std::span(positions), dimension, weights, box);
  }

  /** Particles whose positions and velocities have `dimension` coordinates each. */
  measure(std::span<const double> positions, std::span<const double> velocities,
          std::size_t dimension, std::span<const double> weights = {},
          std::span<const double> box = {})
      : measure(positions, dimension, velocities, dimension, weights, box) {}

  /** Particles with other numbers of position and velocity coordinates. */
  template <typename Number>
  measure(std::span<const Number> positions, std::size_t position_axes,
          std::span<const Number> velocities, std::size_t velocity_axes,
          std::span<const double> weights = {}, std::span<const double> box = {})
      : measure(described(positions, position_axes, velocities, velocity_axes, weights, box)) {}

  /** Particles in any layout, as kwass_particles describes it. */
  explicit measure(const kwass_particles &particles) {
    kwass_measure *made = nullptr;
    detail::check(kwass_measure_from_particles(&particles, &made));
    handle_.reset(made);
  }

  /** A density on a grid. */
  explicit measure(const kwass_grid &grid) {
    kwass_measure *made = nullptr;
    detail::check(kwass_measure_from_grid(&grid, &made));
    handle_.reset(made);
  }

  /** The number of points. */
  std::size_t size() const {
    std::int64_t count = 0;
    detail::check(kwass_measure_shape(get(), &count, nullptr, nullptr, nullptr));
    return static_cast<std::size_t>(count);
  }

  const kwass_measure *get() const noexcept { return handle_.get(); }

private:
  /** The library trusts counts, so they are compared with the spans here. */
  template <typename Number>
  static kwass_particles described(std::span<const Number> positions, std::size_t position_axes,
                                   std::span<const Number> velocities, std::size_t velocity_axes,
                                   std::span<const double> weights, std::span<const double> box) {
    const std::size_t count = position_axes ? positions.size() / position_axes : 0;
    require(position_axes > 0 && positions.size() == count * position_axes,
            "The positions must be a whole number of rows of `position_axes` numbers.");
    require(velocities.size() == count * velocity_axes,
            "There must be `velocity_axes` velocities for each point.");
    require(weights.empty() || weights.size() == count, "There must be a weight for each point.");
    require(box.empty() || box.size() == position_axes,
            "The box must have a period for each position axis.");
    kwass_particles particles;
    detail::check(kwass_particles_init(&particles, sizeof particles));
    particles.count = static_cast<std::int64_t>(count);
    particles.positions = detail::array(positions, position_axes);
    if (velocity_axes) particles.velocities = detail::array(velocities, velocity_axes);
    if (!weights.empty()) particles.weights = detail::array(weights, 1);
    if (!box.empty()) particles.box = box.data();
    return particles;
  }

  static void require(bool condition, const char *sentence) {
    if (!condition) throw error(KWASS_ERROR_ARGUMENT, sentence);
  }

  std::unique_ptr<kwass_measure, detail::deleter<kwass_measure_free>> handle_;
};

/** A distance with its bracket, plan, potentials and gradients. */
class result {
public:
  /** Whether there is a distance, and not only a bracket. */
  bool finished() const noexcept { return status_ == KWASS_OK; }
  /** KWASS_OK, or why the work ended early: KWASS_STOPPED, KWASS_TIME_LIMIT, KWASS_NOT_REACHED. */
  std::int32_t status() const noexcept { return status_; }

  double distance() const noexcept { return kwass_result_distance(get()); }
  double lower() const noexcept { return kwass_result_lower(get()); }
  double upper() const noexcept { return kwass_result_upper(get()); }
  double cost() const noexcept { return kwass_result_cost(get()); }

  kwass_summary summary() const {
    kwass_summary summary;
    detail::check(kwass_result_summary(get(), &summary, sizeof summary));
    return summary;
  }

  /** masses[k] moves from point sources[k] to point targets[k]. */
  struct plan_spans {
    std::span<const std::int32_t> sources, targets;
    std::span<const double> masses;
  };
  plan_spans plan() const {
    const std::int32_t *sources, *targets;
    const double *masses;
    std::int64_t count;
    detail::check(kwass_result_plan(get(), &sources, &targets, &masses, &count));
    const auto size = static_cast<std::size_t>(count);
    return {{sources, size}, {targets, size}, {masses, size}};
  }

  /** Numbers for each point of the source and of the target. */
  struct sides {
    std::span<const double> source, target;
  };
  sides potentials() const { return pair(kwass_result_potentials); }
  /** Of unbalanced transport. */
  sides marginals() const { return pair(kwass_result_marginals); }

  /** The derivatives of the cost by one of the measures: a row for each point. */
  struct gradient_spans {
    std::span<const double> positions, velocities, masses;
  };
  /** `side` is KWASS_SOURCE or KWASS_TARGET. Needs KWASS_WANT_GRADIENT. */
  gradient_spans gradient(std::int32_t side) const {
    const double *positions, *velocities, *masses;
    detail::check(kwass_result_gradient(get(), side, &positions, &velocities, &masses));
    const auto numbers = summary();
    const auto count = static_cast<std::size_t>(
        side == KWASS_SOURCE ? numbers.source_count : numbers.target_count);
    return {{positions, count * static_cast<std::size_t>(numbers.position_axes)},
            {velocities, velocities ? count * static_cast<std::size_t>(numbers.velocity_axes) : 0},
            {masses, count}};
  }

  const kwass_result *get() const noexcept { return handle_.get(); }

private:
  friend class solver;
  friend result distance(const measure &, const measure &, const metric &, options);

  result(kwass_result *handle, std::int32_t status) : handle_(handle), status_(status) {}

  sides pair(std::int32_t (*get_pair)(const kwass_result *, const double **, const double **)) const {
    const double *source, *target;
    detail::check(get_pair(get(), &source, &target));
    const auto numbers = summary();
    return {{source, static_cast<std::size_t>(numbers.source_count)},
            {target, static_cast<std::size_t>(numbers.target_count)}};
  }

  std::unique_ptr<kwass_result, detail::deleter<kwass_result_free>> handle_;
  std::int32_t status_;
};

namespace detail {

/** What the C library calls for progress: it must not see an exception. */
struct progress_guard {
  const std::function<bool(std::string_view, double)> *function = nullptr;
  std::exception_ptr thrown;

  static std::int32_t tell(void *context, const char *stage, double fraction) {
    auto *guard = static_cast<progress_guard *>(context);
    try {
      return (*guard->function)(stage, fraction) ? KWASS_GO_ON : KWASS_STOP;
    } catch (...) {
      guard->thrown = std::current_exception();
      return KWASS_ABANDON;
    }
  }

  void install(options &options) {
    function = &options.on_progress;
    if (!options.on_progress) return;
    options.progress = tell;
    options.progress_context = this;
  }

  void rethrow() {
    if (thrown) std::rethrow_exception(std::exchange(thrown, nullptr));
  }
};

} // namespace detail

/** The distance of two measures. */
inline result distance(const measure &source, const measure &target,
                       const metric &metric = {}, options options = {}) {
  detail::progress_guard guard;
  guard.install(options);
  kwass_result *handle = nullptr;
  const auto status = kwass_distance(source.get(), target.get(), &metric, &options, &handle);
  result made(handle, status);
  guard.rethrow();
  detail::check(status);
  return made;
}

/** A proved bracket of the distance without solving. */
inline std::pair<double, double> bounds(const measure &source, const measure &target,
                                        const metric &metric = {},
                                        const options &options = {}) {
  double lower = 0, upper = 0;
  detail::check(kwass_bounds(source.get(), target.get(), &metric, &options, &lower, &upper));
  return {lower, upper};
}

/** A solver for series of similar problems: each solve starts from the last one. For one thread. */
class solver {
public:
  explicit solver(const metric &metric = {}, options options = {})
      : state_(std::make_unique<state>()) {
    state_->options = std::move(options);
    state_->guard.install(state_->options);
    kwass_solver *made = nullptr;
    detail::check(kwass_solver_create(&metric, &state_->options, &made));
    handle_.reset(made);
  }

  result distance(const measure &source, const measure &target) {
    kwass_result *handle = nullptr;
    const auto status = kwass_solver_distance(handle_.get(), source.get(), target.get(), &handle);
    result made(handle, status);
    state_->guard.rethrow();
    detail::check(status);
    return made;
  }

  /** Forgets the last solution. */
  void reset() { detail::check(kwass_solver_reset(handle_.get())); }

private:
  /** Stays at its address when the solver is moved. */
  struct state {
    kwass::options options;
    detail::progress_guard guard;
  };

  std::unique_ptr<state> state_;
  std::unique_ptr<kwass_solver, detail::deleter<kwass_solver_free>> handle_;
};

} // namespace kwass

#endif /* KWASS_HPP */
