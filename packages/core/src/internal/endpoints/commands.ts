import { endpoint } from "../../Endpoint.ts"
import { CommandState, Message } from "../wire/command.ts"

/** Asking after commands. These polls are what the app does every second; they are no part of the hourly budget. */
export const commands = {
  command: endpoint("command", "GET", "/network/{network}/command/{command}", {
    dialect: "both",
    summary: "How far a command has come.",
    priority: "followUp",
    response: CommandState,
  }),
  commandOfAccount: endpoint(
    "commandOfAccount",
    "GET",
    "/accounts/{account}/networks/{network}/commands/{command}",
    {
      summary: "How far a command has come, at the path that newer apps use.",
      priority: "followUp",
      response: CommandState,
    },
  ),
  finishCommand: endpoint("finishCommand", "POST", "/network/{network}/command/{command}/done/", {
    dialect: "both",
    summary: "Ends a live view. There is no cancelling of other commands.",
    response: Message,
  }),
}
