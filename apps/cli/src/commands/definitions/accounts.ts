import { InvalidArgumentError, Option, type Command } from "commander"
import { defineCommand, jsonOption, settingOptions, withOptions } from "./defineCommand.ts"

const cloudOptions = (): ReadonlyArray<Option> => settingOptions("dialect", "apiUrl", "oauthUrl")

const tokenOptions = (): ReadonlyArray<Option> => [
  new Option("--connect <url>", "manage the tokens of this broadcaster instead of the one on this machine"),
  ...settingOptions("port"),
]

const parseTokenName = (text: string): string => {
  if (text.trim() === "" || text.length > 64)
    throw new InvalidArgumentError("expected a name of 1 to 64 characters.")
  return text
}

const tokenCommand = (): Command => {
  const token = defineCommand("token", "manage the tokens with which programs connect to the broadcaster", [
    ["token create --name kitchen --scope read", "a read-only token"],
    ["token revoke kitchen", "revoke it"],
  ])
  token.addCommand(
    withOptions(
      defineCommand("create", "create a token and print it once", [
        ["token create --name kitchen", "read-only"],
        ["token create --name panel --scope control", "may also arm and disarm"],
      ]),
      [
        new Option("--name <name>", "name of the token").makeOptionMandatory().argParser(parseTokenName),
        new Option("--scope <scope>", "permissions of the token; each scope includes the weaker ones")
          .choices(["read", "control", "admin"])
          .default("read"),
        jsonOption(),
        ...tokenOptions(),
      ],
    ).action(async (options) => (await import("../token.ts")).createToken(options)),
  )
  token.addCommand(
    withOptions(
      defineCommand("list", "list tokens by name, without their secrets", [["token list --json", "as JSON"]]),
      [jsonOption(), ...tokenOptions()],
    ).action(async (options) => (await import("../token.ts")).listTokens(options)),
  )
  token.addCommand(
    withOptions(
      defineCommand("revoke", "revoke a token at once", [
        ["token revoke kitchen", "disconnects its clients"],
      ]),
      [jsonOption(), ...tokenOptions()],
    )
      .argument("<name>", "name or id, as `token list` prints it")
      .action(async (name, options) => (await import("../token.ts")).revokeToken(name, options)),
  )
  return token
}

/** Commands for sign-in, tokens and diagnosis. */
export const accountCommands = (): ReadonlyArray<Command> => [
  withOptions(
    defineCommand("login", "sign in to Blink and save the session", [
      ["login", "prompts for e-mail, password and the code that Blink sends"],
      ["login --api-url http://127.0.0.1:25466 --oauth-url http://127.0.0.1:25466", "at the emulator"],
    ]),
    [
      new Option("--email <address>", "e-mail address of the account; prompts when not set [BLINK_EMAIL]"),
      new Option("--hosted", "sign in on the vendor's web page instead of entering the password here"),
      jsonOption(),
      ...cloudOptions(),
    ],
  ).action(async (options) => (await import("../login.ts")).login(options)),

  withOptions(
    defineCommand("logout", "end the session at Blink and delete it here", [["logout", "the only account"]]),
    [jsonOption(), ...cloudOptions()],
  )
    .argument("[account]", "number or e-mail, as `accounts` lists it")
    .action(async (account, options) => (await import("../logout.ts")).logout(account, options)),

  withOptions(defineCommand("accounts", "list the saved sessions", [["accounts --json", "as JSON"]]), [
    jsonOption(),
    ...settingOptions(),
  ]).action(async (options) => (await import("../accounts.ts")).accounts(options)),

  tokenCommand(),

  withOptions(
    defineCommand("doctor", "check the installation and print how to fix problems", [
      ["doctor", "all checks"],
      ["doctor --report", "without names and numbers, for a bug report"],
    ]),
    [
      new Option("--report", "leave out personal data"),
      jsonOption(),
      ...settingOptions("port", "dialect", "apiUrl", "oauthUrl"),
    ],
  ).action(async (options) => (await import("../doctor.ts")).doctor(options)),
  withOptions(
    defineCommand("conformance", "check a server against the websocket protocol", [
      ["conformance ws://127.0.0.1:25465", "prints each rule; exit code 2 when one fails"],
    ]),
    [jsonOption(), ...settingOptions()],
  )
    .argument("<url>", "ws:// or wss:// address of the server")
    .action(async (url, options) => (await import("../conformance.ts")).conformance(url, options)),
]
