extension Double {
  /// The number in few characters: whole numbers without a point, others with all digits.
  package var plainText: String {
    self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : description
  }
}
