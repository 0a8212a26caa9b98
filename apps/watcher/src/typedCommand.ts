/** A line typed after `:`, understood or not. Names of systems and cameras stand for themselves. */
export type TypedCommand =
  | { readonly do: "arm" | "disarm" | "snap" | "on" | "off"; readonly name: string }
  | { readonly do: "filter"; readonly text: string }
  | { readonly do: "help" | "health" | "log" }
  | { readonly do: "refresh" }
  | { readonly do: "quit" }
  | { readonly do: "nothing"; readonly problem: string | null }

/** `arm NAME`, `disarm NAME`, `motion on|off NAME`, `snap NAME`, `filter WORDS`, `refresh`, `health`, `log`, `help`, `quit`. */
export const parseTypedCommand = (line: string): TypedCommand => {
  const [verb = "", ...rest] = line.trim().split(/\s+/)
  const name = rest.join(" ")
  switch (verb) {
    case "":
      return { do: "nothing", problem: null }
    case "arm":
    case "disarm":
    case "snap":
      return { do: verb, name }
    case "motion":
      return rest[0] === "on" || rest[0] === "off"
        ? { do: rest[0], name: rest.slice(1).join(" ") }
        : { do: "nothing", problem: "motion on|off CAMERA" }
    case "filter":
      return { do: "filter", text: name }
    case "help":
    case "health":
    case "log":
    case "refresh":
    case "quit":
      return { do: verb }
    case "q":
      return { do: "quit" }
    default:
      return {
        do: "nothing",
        problem: `"${verb}" is no command: try arm, disarm, motion, snap, filter, refresh, quit`,
      }
  }
}
