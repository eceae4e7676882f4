! kwass for Fortran 2008, over the C library; link with -lkwass.
!
!   use kwass
!   type(kwass_measure) :: before, after
!   type(kwass_distance_result) :: w
!   call before%set(x, v)                 ! real(c_double) :: x(n, d), v(n, d), a row for each particle
!   call after%set(y, u)
!   call kwass_distance(before, after, w)
!   print *, w%distance, w%lower, w%upper
!   call before%free(); call after%free()
!
! Every subroutine has an optional integer `status`, 0 where all is well, a positive number where the work
! ended early with a bracket, and a negative one for an error; kwass_message() says in a sentence which.
! Without `status`, an error prints the sentence and stops the program.
module kwass
  use, intrinsic :: iso_c_binding
  use, intrinsic :: iso_fortran_env, only: error_unit
  implicit none
  private
  public :: kwass_measure, kwass_solver, kwass_metric, kwass_options, kwass_distance_result
  public :: kwass_distance, kwass_message, kwass_standard, kwass_anisotropic, kwass_twisted, kwass_free_flow
  public :: kwass_default_options

  integer(c_int32_t), parameter, public :: kwass_ok = 0, kwass_stopped = 1, kwass_time_limit = 2, &
    kwass_not_reached = 3
  integer(c_int32_t), parameter, public :: kwass_split = 0, kwass_joint = 1
  integer(c_int32_t), parameter, public :: kwass_linear = 0, kwass_logarithmic = 1, &
    kwass_extended_logarithmic = 2, kwass_power = 3
  integer(c_int32_t), parameter, public :: kwass_automatic = 0, kwass_network_simplex = 1, &
    kwass_line = 2, kwass_circle = 3, kwass_sinkhorn = 4, kwass_unbalanced = 5

  ! The structs of kwass.h, field by field.
  type, bind(c) :: kwass_metric
    integer(c_int64_t) :: size
    real(c_double) :: exponent
    integer(c_int32_t) :: form, space
    real(c_double) :: position_weight, velocity_weight, shear
    integer(c_int32_t) :: nonlinearity, convention
    real(c_double) :: epsilon, power
    type(c_funptr) :: function
    type(c_ptr) :: function_context
    real(c_double) :: function_bound
  end type

  type, bind(c) :: kwass_options
    integer(c_int64_t) :: size
    integer(c_int32_t) :: method, threads
    real(c_double) :: tolerance, threshold, time_limit
    integer(c_int32_t) :: regularization_kind, relaxation
    real(c_double) :: regularization, strength, marginal_tolerance
    integer(c_int64_t) :: maximum_iterations, maximum_plan_entries
    integer(c_int32_t) :: wants, reserved
    type(c_funptr) :: progress
    type(c_ptr) :: progress_context
    type(c_ptr) :: group
  end type

  type, bind(c) :: array
    type(c_ptr) :: data
    integer(c_int64_t) :: point_stride, axis_stride
    integer(c_int32_t) :: type, dimension
  end type

  type, bind(c) :: particles
    integer(c_int64_t) :: size, count
    type(array) :: positions, velocities, weights
    type(c_ptr) :: box
  end type

  type, bind(c) :: summary
    integer(c_int64_t) :: size
    real(c_double) :: distance, lower, upper, cost, cost_lower, cost_upper, position_part, &
      velocity_part, exponent, regularization, transport_cost, entropic_cost, dual_cost, divergence, &
      divergence_error, marginal_error, moved_mass, fixed_point_factor, fixed_point_residual, seconds
    integer(c_int64_t) :: iterations, source_count, target_count, plan_count
    integer(c_int32_t) :: position_axes, velocity_axes, ending, is_warm
    type(c_ptr) :: method, reason, metric
  end type

  ! A measure: points or particles with masses, in the library's own copy.
  type :: kwass_measure
    private
    type(c_ptr) :: handle = c_null_ptr
  contains
    procedure :: set => set_measure
    procedure :: free => free_measure
  end type

  ! A solver for series of similar problems: each solve starts from the last one.
  type :: kwass_solver
    private
    type(c_ptr) :: handle = c_null_ptr
  contains
    procedure :: create => create_solver
    procedure :: distance => solver_distance
    procedure :: free => free_solver
  end type

  ! A distance, its proved bracket, and its plan: masses(k) moves from particle sources(k) to targets(k),
  ! counted from 1.
  type :: kwass_distance_result
    real(c_double) :: distance, lower, upper, cost, seconds
    integer(c_int64_t) :: iterations
    logical :: is_warm
    integer(c_int32_t), allocatable :: sources(:), targets(:)
    real(c_double), allocatable :: masses(:)
  end type

  interface
    function c_last_message() bind(c, name="kwass_last_message") result(text)
      import :: c_ptr
      type(c_ptr) :: text
    end function
    function c_strlen(text) bind(c, name="strlen") result(length)
      import :: c_ptr, c_size_t
      type(c_ptr), value :: text
      integer(c_size_t) :: length
    end function
    function c_metric_init(metric, size) bind(c, name="kwass_metric_init") result(status)
      import :: kwass_metric, c_int32_t, c_int64_t
      type(kwass_metric), intent(inout) :: metric
      integer(c_int64_t), value :: size
      integer(c_int32_t) :: status
    end function
    function c_set_anisotropic(metric, weight, exponent) bind(c, name="kwass_metric_set_anisotropic") &
      result(status)
      import :: kwass_metric, c_int32_t, c_double
      type(kwass_metric), intent(inout) :: metric
      real(c_double), value :: weight, exponent
      integer(c_int32_t) :: status
    end function
    function c_set_twisted(metric, a, b, c, exponent) bind(c, name="kwass_metric_set_twisted") &
      result(status)
      import :: kwass_metric, c_int32_t, c_double
      type(kwass_metric), intent(inout) :: metric
      real(c_double), value :: a, b, c, exponent
      integer(c_int32_t) :: status
    end function
    function c_set_free_flow(metric, time, exponent) bind(c, name="kwass_metric_set_free_flow") &
      result(status)
      import :: kwass_metric, c_int32_t, c_double
      type(kwass_metric), intent(inout) :: metric
      real(c_double), value :: time, exponent
      integer(c_int32_t) :: status
    end function
    function c_options_init(options, size) bind(c, name="kwass_options_init") result(status)
      import :: kwass_options, c_int32_t, c_int64_t
      type(kwass_options), intent(inout) :: options
      integer(c_int64_t), value :: size
      integer(c_int32_t) :: status
    end function
    function c_particles_init(description, size) bind(c, name="kwass_particles_init") result(status)
      import :: particles, c_int32_t, c_int64_t
      type(particles), intent(inout) :: description
      integer(c_int64_t), value :: size
      integer(c_int32_t) :: status
    end function
    function c_measure(description, handle) bind(c, name="kwass_measure_from_particles") result(status)
      import :: particles, c_ptr, c_int32_t
      type(particles), intent(in) :: description
      type(c_ptr), intent(out) :: handle
      integer(c_int32_t) :: status
    end function
    function c_measure_free(handle) bind(c, name="kwass_measure_free") result(status)
      import :: c_ptr, c_int32_t
      type(c_ptr), value :: handle
      integer(c_int32_t) :: status
    end function
    function c_distance(source, target, metric, options, handle) bind(c, name="kwass_distance") &
      result(status)
      import :: kwass_metric, kwass_options, c_ptr, c_int32_t
      type(c_ptr), value :: source, target
      type(kwass_metric), intent(in) :: metric
      type(kwass_options), intent(in) :: options
      type(c_ptr), intent(out) :: handle
      integer(c_int32_t) :: status
    end function
    function c_solver_create(metric, options, handle) bind(c, name="kwass_solver_create") result(status)
      import :: kwass_metric, kwass_options, c_ptr, c_int32_t
      type(kwass_metric), intent(in) :: metric
      type(kwass_options), intent(in) :: options
      type(c_ptr), intent(out) :: handle
      integer(c_int32_t) :: status
    end function
    function c_solver_distance(solver, source, target, handle) bind(c, name="kwass_solver_distance") &
      result(status)
      import :: c_ptr, c_int32_t
      type(c_ptr), value :: solver, source, target
      type(c_ptr), intent(out) :: handle
      integer(c_int32_t) :: status
    end function
    function c_solver_free(handle) bind(c, name="kwass_solver_free") result(status)
      import :: c_ptr, c_int32_t
      type(c_ptr), value :: handle
      integer(c_int32_t) :: status
    end function
    function c_result_summary(handle, numbers, size) bind(c, name="kwass_result_summary") result(status)
      import :: summary, c_ptr, c_int32_t, c_int64_t
      type(c_ptr), value :: handle
      type(summary), intent(inout) :: numbers
      integer(c_int64_t), value :: size
      integer(c_int32_t) :: status
    end function
    function c_result_plan(handle, sources, targets, masses, count) bind(c, name="kwass_result_plan") &
      result(status)
      import :: c_ptr, c_int32_t, c_int64_t
      type(c_ptr), value :: handle
      type(c_ptr), intent(out) :: sources, targets, masses
      integer(c_int64_t), intent(out) :: count
      integer(c_int32_t) :: status
    end function
    function c_result_free(handle) bind(c, name="kwass_result_free") result(status)
      import :: c_ptr, c_int32_t
      type(c_ptr), value :: handle
      integer(c_int32_t) :: status
    end function
  end interface

contains

  ! The sentence of the last call on this thread that failed or ended early.
  function kwass_message() result(message)
    character(:), allocatable :: message
    character(kind=c_char), pointer :: text(:)
    integer :: k
    call c_f_pointer(c_last_message(), text, [c_strlen(c_last_message())])
    allocate (character(size(text)) :: message)
    do k = 1, size(text)
      message(k:k) = text(k)
    end do
  end function

  ! |x - y|^p + |v - w|^p
  type(kwass_metric) function kwass_standard(exponent) result(metric)
    real(c_double), intent(in) :: exponent
    call judge(c_metric_init(metric, int(c_sizeof(metric), c_int64_t)))
    metric%exponent = exponent
  end function

  ! weight |x - y|^p + |v - w|^p
  type(kwass_metric) function kwass_anisotropic(weight, exponent) result(metric)
    real(c_double), intent(in) :: weight, exponent
    metric = kwass_standard(exponent)
    call judge(c_set_anisotropic(metric, weight, exponent))
  end function

  ! (a |x - y|^2 + 2b (x - y).(v - w) + c |v - w|^2)^(p/2)
  type(kwass_metric) function kwass_twisted(a, b, c, exponent) result(metric)
    real(c_double), intent(in) :: a, b, c, exponent
    metric = kwass_standard(exponent)
    call judge(c_set_twisted(metric, a, b, c, exponent))
  end function

  ! |(x - tv) - (y - tw)|^p + |v - w|^p
  type(kwass_metric) function kwass_free_flow(time, exponent) result(metric)
    real(c_double), intent(in) :: time, exponent
    metric = kwass_standard(exponent)
    call judge(c_set_free_flow(metric, time, exponent))
  end function

  type(kwass_options) function kwass_default_options() result(options)
    call judge(c_options_init(options, int(c_sizeof(options), c_int64_t)))
  end function

  ! Positions and velocities have a row for each particle. `box` has the period of each position axis, 0 for
  ! one that is not periodic.
  subroutine set_measure(measure, positions, velocities, weights, box, status)
    class(kwass_measure), intent(inout) :: measure
    real(c_double), intent(in), contiguous, target :: positions(:, :)
    real(c_double), intent(in), contiguous, target, optional :: velocities(:, :), weights(:), box(:)
    integer(c_int32_t), intent(out), optional :: status
    type(particles) :: description
    integer(c_int32_t) :: ignored
    if (present(velocities)) then
      if (size(velocities, 1) /= size(positions, 1)) error stop "kwass: a row of velocities for each particle"
    end if
    if (present(weights)) then
      if (size(weights) /= size(positions, 1)) error stop "kwass: one weight for each particle"
    end if
    if (present(box)) then
      if (size(box) /= size(positions, 2)) error stop "kwass: one period for each position axis"
    end if
    call judge(c_particles_init(description, int(c_sizeof(description), c_int64_t)))
    description%count = size(positions, 1)
    description%positions = columns(c_loc(positions), size(positions, 1), size(positions, 2))
    if (present(velocities)) &
      description%velocities = columns(c_loc(velocities), size(velocities, 1), size(velocities, 2))
    if (present(weights)) description%weights = columns(c_loc(weights), size(weights), 1)
    if (present(box)) description%box = c_loc(box)
    if (c_associated(measure%handle)) ignored = c_measure_free(measure%handle)
    measure%handle = c_null_ptr
    call judge(c_measure(description, measure%handle), status)
  end subroutine

  ! How Fortran stores an array with a row for each point.
  type(array) function columns(start, count, dimension)
    type(c_ptr), intent(in) :: start
    integer, intent(in) :: count, dimension
    integer(c_int64_t), parameter :: number = 8
    columns = array(start, number, number * count, 0, dimension)
  end function

  subroutine free_measure(measure)
    class(kwass_measure), intent(inout) :: measure
    call judge(c_measure_free(measure%handle))
    measure%handle = c_null_ptr
  end subroutine

  ! The distance of two measures. Default: W_2 of positions and velocities.
  subroutine kwass_distance(source, target, distance, metric, options, status)
    type(kwass_measure), intent(in) :: source, target
    type(kwass_distance_result), intent(out) :: distance
    type(kwass_metric), intent(in), optional :: metric
    type(kwass_options), intent(in), optional :: options
    integer(c_int32_t), intent(out), optional :: status
    type(c_ptr) :: handle
    integer(c_int32_t) :: found
    type(kwass_metric) :: used_metric
    type(kwass_options) :: used_options
    used_metric = kwass_standard(2d0)
    used_options = kwass_default_options()
    if (present(metric)) used_metric = metric
    if (present(options)) used_options = options
    found = c_distance(source%handle, target%handle, used_metric, used_options, handle)
    call judge(found, status)
    if (found >= 0) call take(handle, distance)
  end subroutine

  subroutine create_solver(solver, metric, options, status)
    class(kwass_solver), intent(inout) :: solver
    type(kwass_metric), intent(in) :: metric
    type(kwass_options), intent(in), optional :: options
    integer(c_int32_t), intent(out), optional :: status
    type(kwass_options) :: used
    used = kwass_default_options()
    if (present(options)) used = options
    if (c_associated(solver%handle)) call solver%free()
    call judge(c_solver_create(metric, used, solver%handle), status)
  end subroutine

  subroutine solver_distance(solver, source, target, distance, status)
    class(kwass_solver), intent(inout) :: solver
    type(kwass_measure), intent(in) :: source, target
    type(kwass_distance_result), intent(out) :: distance
    integer(c_int32_t), intent(out), optional :: status
    type(c_ptr) :: handle
    integer(c_int32_t) :: found
    found = c_solver_distance(solver%handle, source%handle, target%handle, handle)
    call judge(found, status)
    if (found >= 0) call take(handle, distance)
  end subroutine

  subroutine free_solver(solver)
    class(kwass_solver), intent(inout) :: solver
    call judge(c_solver_free(solver%handle))
    solver%handle = c_null_ptr
  end subroutine

  ! Copies a result of the library, and frees it.
  subroutine take(handle, distance)
    type(c_ptr), intent(in) :: handle
    type(kwass_distance_result), intent(inout) :: distance
    type(summary) :: numbers
    type(c_ptr) :: sources, targets, masses
    integer(c_int32_t), pointer :: from(:), to(:)
    real(c_double), pointer :: moved(:)
    integer(c_int64_t) :: count
    call judge(c_result_summary(handle, numbers, int(c_sizeof(numbers), c_int64_t)))
    distance%distance = numbers%distance
    distance%lower = numbers%lower
    distance%upper = numbers%upper
    distance%cost = numbers%cost
    distance%seconds = numbers%seconds
    distance%iterations = numbers%iterations
    distance%is_warm = numbers%is_warm /= 0
    if (numbers%plan_count >= 0) then
      call judge(c_result_plan(handle, sources, targets, masses, count))
      call c_f_pointer(sources, from, [count])
      call c_f_pointer(targets, to, [count])
      call c_f_pointer(masses, moved, [count])
      distance%sources = from + 1
      distance%targets = to + 1
      distance%masses = moved
    end if
    call judge(c_result_free(handle))
  end subroutine

  subroutine judge(found, status)
    integer(c_int32_t), intent(in) :: found
    integer(c_int32_t), intent(out), optional :: status
    if (present(status)) then
      status = found
    else if (found < 0) then
      write (error_unit, "(2a)") "kwass: ", kwass_message()
      error stop 1
    end if
  end subroutine
end module
