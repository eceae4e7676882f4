! Two clouds in the plane, a row for each point; the second one has masses of its own.
program two_clouds
  use kwass
  use, intrinsic :: iso_c_binding, only: c_double
  implicit none
  real(c_double) :: x(3, 2), y(2, 2)
  type(kwass_measure) :: source, target
  type(kwass_distance_result) :: w
  integer :: k

  x = reshape([0d0, 1d0, 0.5d0, 0d0, 0d0, 0.75d0], [3, 2])
  y = reshape([0.25d0, 1.25d0, 0.5d0, 0.5d0], [2, 2])
  call source%set(x)
  call target%set(y, weights=[1d0, 3d0])
  call kwass_distance(source, target, w)
  print "(a, f14.12, a, es7.1)", "W2 = ", w%distance, ", proved to ", (w%upper - w%lower) / w%upper
  do k = 1, size(w%masses)
    print "(a, i0, a, f8.6, a, i0)", "point ", w%sources(k), " sends ", w%masses(k), " to point ", w%targets(k)
  end do
  call source%free()
  call target%free()
end program
