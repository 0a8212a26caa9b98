/** A line typed after `:`. `name` is a system or camera as the user typed it; `nothing` is an empty or invalid line. */
export type TypedCommand =
  | { readonly do: "arm" | "disarm" | "snap" | "on" | "off"; readonly name: string }
  | { readonly do: "filter"; readonly text: string }
  | { readonly do: "help" | "health" | "log" }
  | { readonly do: "refresh" }
  | { readonly do: "quit" }
  | { readonly do: "nothing"; readonly problem: string | null }

/** Parses `arm NAME`, `disarm NAME`, `motion on|off NAME`, `snap NAME`, `filter WORDS`, `refresh`, `health`, `log`, `help`, `quit`. */
export const parseTypedCommand = (line: string): TypedCommand => {
  const [word = "", ...parameters] = line.trim().split(/\s+/)
  const name = parameters.join(" ")
  switch (word) {
    case "":
      return { do: "nothing", problem: null }
    case "arm":
    case "disarm":
    case "snap":
      return { do: word, name }
    case "motion":
      return parameters[0] === "on" || parameters[0] === "off"
        ? { do: parameters[0], name: parameters.slice(1).join(" ") }
        : { do: "nothing", problem: "motion on|off CAMERA" }
    case "filter":
      return { do: "filter", text: name }
    case "help":
    case "health":
    case "log":
    case "refresh":
    case "quit":
      return { do: word }
    case "q":
      return { do: "quit" }
    default:
      return {
        do: "nothing",
        problem: `"${word}" is not a command: try arm, disarm, motion, snap, filter, refresh, quit`,
      }
  }
}
