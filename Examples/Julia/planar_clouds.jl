include("../../Bindings/Julia/Kwass.jl")

# Two clouds in the plane, a row for each point.
result = Kwass.distance([0.0 0.0; 1.0 0.0; 0.5 0.75], [0.25 0.5; 1.25 0.5]; y_weights=[1.0, 3.0])
println("W2 = ", result.distance, " in [", result.lower, ", ", result.upper, "]")
