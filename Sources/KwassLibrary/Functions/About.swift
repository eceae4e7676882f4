import BuildInformation
import CKwass

private nonisolated(unsafe) let versionText = StaticText.permanent(BuildInformation.version)
private nonisolated(unsafe) let licenseText = StaticText.permanent(
  BuildInformation.text(of: BuildInformation.core))

/// `kwass_version` of the header.
@_cdecl("kwass_version")
public func kwassVersion() -> UnsafePointer<CChar>? { versionText }

/// `kwass_licenses` of the header.
@_cdecl("kwass_licenses")
public func kwassLicenses() -> UnsafePointer<CChar>? { licenseText }

/// `kwass_last_message` of the header.
@_cdecl("kwass_last_message")
public func kwassLastMessage() -> UnsafePointer<CChar>? { LastMessage.current }

/// The names of all statuses, made once.
private nonisolated(unsafe) let statusNames: [Int32: UnsafePointer<CChar>] = Dictionary(
  uniqueKeysWithValues: [
    (KWASS_OK, "KWASS_OK"), (KWASS_STOPPED, "KWASS_STOPPED"),
    (KWASS_TIME_LIMIT, "KWASS_TIME_LIMIT"), (KWASS_NOT_REACHED, "KWASS_NOT_REACHED"),
    (KWASS_ERROR_ARGUMENT, "KWASS_ERROR_ARGUMENT"), (KWASS_ERROR_DATA, "KWASS_ERROR_DATA"),
    (KWASS_ERROR_METRIC, "KWASS_ERROR_METRIC"),
    (KWASS_ERROR_UNSUITABLE, "KWASS_ERROR_UNSUITABLE"),
    (KWASS_ERROR_NOT_CONVERGED, "KWASS_ERROR_NOT_CONVERGED"),
    (KWASS_ERROR_MEMORY, "KWASS_ERROR_MEMORY"), (KWASS_ERROR_RANGE, "KWASS_ERROR_RANGE"),
    (KWASS_ERROR_BUSY, "KWASS_ERROR_BUSY"), (KWASS_ERROR_OBJECT, "KWASS_ERROR_OBJECT"),
    (KWASS_ERROR_NOT_AVAILABLE, "KWASS_ERROR_NOT_AVAILABLE"),
    (KWASS_ERROR_GROUP, "KWASS_ERROR_GROUP"),
  ].map { (Int32($0), StaticText.permanent($1)) })

private nonisolated(unsafe) let unknownStatus = StaticText.permanent("unknown status")

/// `kwass_status_name` of the header.
@_cdecl("kwass_status_name")
public func kwassStatusName(_ status: Int32) -> UnsafePointer<CChar>? {
  statusNames[status] ?? unknownStatus
}
