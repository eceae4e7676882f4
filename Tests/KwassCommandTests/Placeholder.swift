import Testing

@testable import KwassCommand
