import { endpoint } from "./Endpoint.ts"
import { CommandState, Message } from "../wire/command.ts"

/**
 * Status of commands. The vendor's app polls every second, so these requests are not counted in the hourly
 * budget.
 */
export const commands = {
  command: endpoint("command", "GET", "/network/{network}/command/{command}", {
    dialect: "both",
    summary: "State of a command.",
    priority: "followUp",
    response: CommandState,
  }),
  commandOfAccount: endpoint(
    "commandOfAccount",
    "GET",
    "/accounts/{account}/networks/{network}/commands/{command}",
    {
      summary: "State of a command, at the path that newer apps use.",
      priority: "followUp",
      response: CommandState,
    },
  ),
  finishCommand: endpoint("finishCommand", "POST", "/network/{network}/command/{command}/done/", {
    dialect: "both",
    summary: "Ends a live view. Other commands cannot be cancelled.",
    response: Message,
  }),
}
