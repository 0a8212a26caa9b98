import { InvalidArgumentError, Option, type Command } from "commander"
import { defineCommand, jsonOption, settingOptions, withOptions } from "./defineCommand.ts"

const cloudOptions = (): ReadonlyArray<Option> => settingOptions("dialect", "apiUrl", "oauthUrl")

const tokenOptions = (): ReadonlyArray<Option> => [
  new Option("--connect <url>", "of this broadcaster instead of the one that is found on this machine"),
  ...settingOptions("port"),
]

const parseTokenName = (text: string): string => {
  if (text.trim() === "" || text.length > 64)
    throw new InvalidArgumentError("expected a name of 1 to 64 characters.")
  return text
}

const tokenCommand = (): Command => {
  const token = defineCommand("token", "keys for other programs that connect to the broadcaster", [
    ["token create --name kitchen --scope read", "a key that may only look"],
    ["token revoke kitchen", "and take it back"],
  ])
  token.addCommand(
    withOptions(
      defineCommand("create", "make a token and print it, once", [
        ["token create --name kitchen", "one that may look and no more"],
        ["token create --name panel --scope control", "one that may arm and disarm, too"],
      ]),
      [
        new Option("--name <name>", "what to call it").makeOptionMandatory().argParser(parseTokenName),
        new Option("--scope <scope>", "read, control or admin")
          .choices(["read", "control", "admin"])
          .default("read"),
        jsonOption(),
        ...tokenOptions(),
      ],
    ).action(async (options) => (await import("../token.ts")).createToken(options)),
  )
  token.addCommand(
    withOptions(
      defineCommand("list", "tokens by name; never the tokens themselves", [
        ["token list --json", "for a program"],
      ]),
      [jsonOption(), ...tokenOptions()],
    ).action(async (options) => (await import("../token.ts")).listTokens(options)),
  )
  token.addCommand(
    withOptions(
      defineCommand("revoke", "end a token at once", [
        ["token revoke kitchen", "who is connected with it is turned out"],
      ]),
      [jsonOption(), ...tokenOptions()],
    )
      .argument("<name>", "as it was created")
      .action(async (name, options) => (await import("../token.ts")).revokeToken(name, options)),
  )
  return token
}

/** Commands about sign-in, keys and health. */
export const accountCommands = (): ReadonlyArray<Command> => [
  withOptions(
    defineCommand("login", "sign in to Blink and keep the session", [
      ["login", "asks for e-mail, password and the code that Blink sends"],
      ["login --api-url http://127.0.0.1:25466 --oauth-url http://127.0.0.1:25466", "at the emulator"],
    ]),
    [
      new Option("--email <address>", "which account; asked for otherwise [BLINK_EMAIL]"),
      new Option("--hosted", "sign in on the vendor's own page, for accounts without a password here"),
      jsonOption(),
      ...cloudOptions(),
    ],
  ).action(async (options) => (await import("../login.ts")).login(options)),

  withOptions(
    defineCommand("logout", "end the session at Blink and forget it here", [["logout", "the only account"]]),
    [jsonOption(), ...cloudOptions()],
  )
    .argument("[account]", "number or e-mail, as `accounts` lists it")
    .action(async (account, options) => (await import("../logout.ts")).logout(account, options)),

  withOptions(
    defineCommand("accounts", "which sessions are kept here", [["accounts --json", "for a program"]]),
    [jsonOption(), ...settingOptions()],
  ).action(async (options) => (await import("../accounts.ts")).accounts(options)),

  tokenCommand(),

  withOptions(
    defineCommand("doctor", "what works, what doesn't, and what to do about it", [
      ["doctor", "a list for you"],
      ["doctor --report", "the same without names and numbers, for a bug report"],
    ]),
    [
      new Option("--report", "leave out everything that tells whose home it is"),
      jsonOption(),
      ...settingOptions("port", "dialect", "apiUrl", "oauthUrl"),
    ],
  ).action(async (options) => (await import("../doctor.ts")).doctor(options)),
  withOptions(
    defineCommand("conformance", "check a server against the websocket protocol", [
      ["conformance ws://127.0.0.1:25465", "prints what failed; exit code 2 if anything did"],
    ]),
    [jsonOption(), ...settingOptions()],
  )
    .argument("<url>", "ws:// or wss:// address of the server")
    .action(async (url, options) => (await import("../conformance.ts")).conformance(url, options)),
]
