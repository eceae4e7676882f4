/// Scripts that have shells complete the arguments of the program.
enum Completions {
  // MARK: bash

  static func bash(_ table: CommandTable) -> String {
    let values = table.commands.flatMap { command in
      command.options.compactMap { option -> String? in
        if option.value == nil || option.takesFile { return nil }
        return "    \"\(command.name) \(option.name)\")\n"
          + "      COMPREPLY=($(compgen -W \"\(option.choices.joined(separator: " "))\" -- \"$current\"))\n"
          + "      return ;;\n"
      }
    }
    let operands = table.commands.filter { !$0.operands.isEmpty }.map { command in
      "    \"\(command.name) \(command.name)\")\n"
        + "      COMPREPLY=($(compgen -W \"\(command.operands.joined(separator: " "))\" -- \"$current\"))\n"
        + "      return ;;\n"
    }
    let options = table.commands.map { command in
      "    \(command.name)) words=\"\(command.options.map(\.name).joined(separator: " "))\" ;;\n"
    }
    let first = table.commands.map(\.name) + table.options.map(\.name)
    return """
      # bash completion of kwass, printed by `kwass completions bash`.
      _kwass() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words=
        compopt +o default 2>/dev/null
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "\(first.joined(separator: " "))" -- "$current"))
          return
        fi
        case "${COMP_WORDS[1]} $previous" in
      \(values.joined())\(operands.joined())  esac
        case "${COMP_WORDS[1]}" in
      \(options.joined())  esac
        if [[ $current == -* ]]; then
          COMPREPLY=($(compgen -W "$words" -- "$current"))
        else
          compopt -o default 2>/dev/null
          COMPREPLY=()
        fi
      }
      complete -F _kwass kwass

      """
  }

  // MARK: zsh

  static func zsh(_ table: CommandTable) -> String {
    let names = table.commands.map { "    \(quoted("\($0.name):\($0.summary)"))\n" }
    let cases = table.commands.map { command in
      let specifications = command.options.map { option -> String in
        let values =
          option.value == nil
          ? ""
          : ":value:"
            + (option.takesFile
              ? "_files"
              : option.choices.isEmpty ? " " : "(\(option.choices.joined(separator: " ")))")
        return "        \(quoted("\(option.name)[\(escaped(option.summary))]\(values)")) \\\n"
      }
      let operands =
        command.operands.isEmpty
        ? "'*:file:_files'" : "'1:word:(\(command.operands.joined(separator: " ")))'"
      return "      \(command.name))\n        _arguments \\\n\(specifications.joined())"
        + "        \(operands) ;;\n"
    }
    return """
      #compdef kwass
      # zsh completion of kwass, printed by `kwass completions zsh`.
      _kwass() {
        local -a commands=(
      \(names.joined())  )
        if (( CURRENT == 2 )); then
          _describe command commands
          _arguments \(table.options.map { quoted("\($0.name)[\(escaped($0.summary))]") }.joined(separator: " "))
        else
          local command=$words[2]
          shift words
          (( CURRENT-- ))
          case $command in
      \(cases.joined())    esac
        fi
      }
      if [ "$funcstack[1]" = "_kwass" ]; then
        _kwass "$@"
      else
        compdef _kwass kwass
      fi

      """
  }

  /// What `_arguments` reads as text within brackets.
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("[", with: "\\[").replacing("]", with: "\\]")
      .replacing(":", with: "\\:")
  }

  // MARK: fish

  static func fish(_ table: CommandTable) -> String {
    var lines = ["# fish completion of kwass, printed by `kwass completions fish`."]
    for option in table.options {
      lines.append(
        "complete -c kwass -n __fish_use_subcommand \(fishName(option)) -d \(quoted(option.summary))"
      )
    }
    for command in table.commands {
      lines.append(
        "complete -c kwass -n __fish_use_subcommand -f -a \(command.name) -d \(quoted(command.summary))"
      )
      let condition = "-n '__fish_seen_subcommand_from \(command.name)'"
      for option in command.options {
        let value =
          option.value == nil
          ? ""
          : option.takesFile
            ? " -r"
            : " -x"
              + (option.choices.isEmpty
                ? "" : " -a \(quoted(option.choices.joined(separator: " ")))")
        lines.append(
          "complete -c kwass \(condition) \(fishName(option))\(value) -d \(quoted(option.summary))")
      }
      if !command.operands.isEmpty {
        lines.append(
          "complete -c kwass \(condition) -f -a \(quoted(command.operands.joined(separator: " ")))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func fishName(_ option: OptionSpecification) -> String {
    option.name.hasPrefix("--")
      ? "-l \(option.name.dropFirst(2))" : "-s \(option.name.dropFirst())"
  }

  /// A text as one word of a shell.
  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
