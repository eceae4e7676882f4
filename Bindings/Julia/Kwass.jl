# kwass for Julia, over the C library: Kwass.distance(x, y) for matrices with a row for each point.
module Kwass

const library = get(ENV, "KWASS_LIBRARY", "libkwass.so.1")

struct NumberArray
    data::Ptr{Cvoid}; point_stride::Int64; axis_stride::Int64; type::Int32; dimension::Int32
end
NumberArray() = NumberArray(C_NULL, 0, 0, 0, 0)
NumberArray(x::Matrix{Float64}) = NumberArray(pointer(x), 8, 8 * size(x, 1), 0, size(x, 2))

struct Particles
    size::UInt64; count::Int64; positions::NumberArray; velocities::NumberArray; weights::NumberArray
    box::Ptr{Float64}
end

check(status) = status < 0 ? error(unsafe_string(@ccall library.kwass_last_message()::Cstring)) : status

# Calls a function with a measure of the library, which is freed behind it.
function with_measure(call, x, v, weights, box)
    rows = size(x, 1)
    v === nothing || size(v, 1) == rows || error("There must be a row of velocities for each point.")
    weights === nothing || length(weights) == rows || error("There must be a weight for each point.")
    box === nothing || length(box) == size(x, 2) || error("The box must have a period for each axis.")
    made, masses = Ref{Ptr{Cvoid}}(), weights === nothing ? nothing : reshape(weights, :, 1)
    part(array) = array === nothing ? NumberArray() : NumberArray(array)
    GC.@preserve x v masses box begin
        period = box === nothing ? Ptr{Float64}(C_NULL) : pointer(box)
        particles = Ref(Particles(sizeof(Particles), rows, part(x), part(v), part(masses), period))
        check(@ccall library.kwass_measure_from_particles(particles::Ptr{Particles}, made::Ptr{Ptr{Cvoid}})::Int32)
    end
    try call(made[]) finally @ccall library.kwass_measure_free(made[]::Ptr{Cvoid})::Int32 end
end

"W_2 of positions and velocities, and its proved bracket; `box` has a period for each axis, 0 for none."
distance(x, y; v=nothing, w=nothing, x_weights=nothing, y_weights=nothing, box=nothing) =
    with_measure(x, v, x_weights, box) do source
        with_measure(y, w, y_weights, box) do target
            found = Ref{Ptr{Cvoid}}()
            check(@ccall library.kwass_distance(source::Ptr{Cvoid}, target::Ptr{Cvoid}, C_NULL::Ptr{Cvoid},
                C_NULL::Ptr{Cvoid}, found::Ptr{Ptr{Cvoid}})::Int32)
            result = (distance = @ccall(library.kwass_result_distance(found[]::Ptr{Cvoid})::Float64),
                lower = @ccall(library.kwass_result_lower(found[]::Ptr{Cvoid})::Float64),
                upper = @ccall(library.kwass_result_upper(found[]::Ptr{Cvoid})::Float64))
            @ccall library.kwass_result_free(found[]::Ptr{Cvoid})::Int32
            result
        end
    end

end
