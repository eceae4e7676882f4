! The tests of kwass.f90.
program test
  use kwass
  use, intrinsic :: iso_c_binding
  use, intrinsic :: iso_fortran_env, only: error_unit
  implicit none
  real(c_double) :: x(50, 2), y(50, 2), v(50, 1), w(50, 1), nan, plain
  type(kwass_measure) :: before, after, none
  type(kwass_solver) :: solver
  type(kwass_distance_result) :: found, again
  type(kwass_options) :: options
  integer(c_int32_t) :: status
  integer :: step
  character(:), allocatable :: message

  call random_number(x)
  call random_number(y)
  call random_number(v)
  call random_number(w)

  ! One particle, on the circle of length 1.
  call before%set(reshape([.95d0], [1, 1]), reshape([1d0], [1, 1]), box=[1d0])
  call after%set(reshape([.05d0], [1, 1]), reshape([1.5d0], [1, 1]), box=[1d0])
  call kwass_distance(before, after, found)
  call expect(abs(found%cost - .26d0) < 1d-12, "W_2 on a circle")
  call expect(found%lower <= found%distance .and. found%distance <= found%upper, "the bracket")
  call expect(all(found%sources == [1]) .and. all(found%targets == [1]), "the plan")
  call kwass_distance(before, after, found, kwass_anisotropic(4d0, 2d0))
  call expect(abs(found%cost - .29d0) < 1d-12, "an anisotropic metric")
  call kwass_distance(before, after, found, kwass_free_flow(.1d0, 2d0))
  call expect(abs(found%cost - .2525d0) < 1d-12, "a free flow")
  call kwass_distance(before, after, found, kwass_twisted(2d0, .5d0, 1d0, 2d0))
  call expect(abs(found%cost - (2 * .01d0 + .5d0 * 2 * .1d0 * .5d0 + .25d0)) < 1d-12, "a twisted metric")

  ! Rows are particles, whatever the rows of the array that they are a part of.
  call before%set(x(1:50:2, :), v(1:50:2, :))
  call after%set(y(1:25, :), w(1:25, :))
  call kwass_distance(before, after, found)
  plain = 0
  do step = 1, size(found%masses)
    plain = plain + found%masses(step) * ( &
      sum((x(2 * found%sources(step) - 1, :) - y(found%targets(step), :))**2) &
      + sum((v(2 * found%sources(step) - 1, :) - w(found%targets(step), :))**2))
  end do
  call expect(abs(plain - found%cost) < 1d-12, "the cost of the plan")

  call solver%create(kwass_standard(2d0))
  do step = 0, 2
    call before%set(x + .01d0 * step)
    call after%set(y)
    call solver%distance(before, after, found)
    call kwass_distance(before, after, again)
    call expect(abs(found%distance - again%distance) < 1d-12, "a series")
    call expect(found%is_warm .eqv. step > 0, "a warm start")
  end do
  call solver%free()

  nan = 0
  nan = nan / nan
  call none%set(reshape([nan], [1, 1]), status=status)
  message = kwass_message()
  call expect(status < 0 .and. index(message, "nan") > 0, "a sentence about a number that is none")
  call kwass_distance(none, after, found, status=status)
  call expect(status < 0, "a measure that is none")
  options = kwass_default_options()
  options%tolerance = 2
  call kwass_distance(before, after, found, options=options, status=status)
  message = kwass_message()
  call expect(status < 0 .and. index(message, "tolerance") > 0, "a sentence about a tolerance")
  call before%free()
  call after%free()
  print "(a)", "kwass.f90: all tests passed"

contains

  subroutine expect(condition, what)
    logical, intent(in) :: condition
    character(*), intent(in) :: what
    if (condition) return
    write (error_unit, "(2a)") "test.f90: failed: ", what
    error stop 1
  end subroutine
end program
