import { Option, type Command } from "commander"
import {
  defineCommand,
  parsePortNumber,
  parsePositiveNumber,
  settingOptions,
  parseWholeNumber,
  withOptions,
} from "./defineCommand.ts"

const emulatorPort = (): Option =>
  new Option("--emulator-port <n>", "port of the emulated cloud").default(25_466).argParser(parsePortNumber)

const worldOptions = (scenario: "quiet" | "house"): ReadonlyArray<Option> => [
  new Option("--seed <n>", "of the emulated world: same seed, same world")
    .default(1)
    .argParser(parseWholeNumber),
  new Option(
    "--scenario <name>",
    "what happens by itself: quiet, house, busy, or a file of timed steps",
  ).default(scenario),
  new Option("--speed <x>", "how fast the emulated clock runs").default(1).argParser(parsePositiveNumber),
]

const serveOptions = (): ReadonlyArray<Option> => [
  ...settingOptions("host", "port", "pollHome", "pollMedia", "logLevel", "logFormat"),
  new Option("--tls-cert <file>", "certificate (PEM): serve https and wss"),
  new Option("--tls-key <file>", "key of the certificate (PEM)"),
  new Option("--allow-host <name>", "another name under which this server is asked; may be given again")
    .default([])
    .argParser((host: string, before: ReadonlyArray<string>) => [...before, host]),
  new Option("--allow-origin <origin>", "another page that may connect; may be given again")
    .default([])
    .argParser((origin: string, before: ReadonlyArray<string>) => [...before, origin]),
  new Option("--no-feed", "don't print events as they come"),
]

const proxyOptions = (): ReadonlyArray<Option> => [
  new Option("--unix-socket <path>", "listen on a Unix socket instead of host and port"),
  new Option("--trust-proxy", "a proxy in front says who asks, in X-Forwarded-For"),
]

/** Commands that run until they are stopped. */
export const serveCommands = (): ReadonlyArray<Command> => [
  withOptions(
    defineCommand("start", "serve the configured account; without one, run the demo", [
      ["start", "what npm start does"],
      ["start --port 8080", "on another port"],
    ]),
    [...serveOptions(), ...settingOptions("dialect", "apiUrl", "oauthUrl").slice(0, -1), emulatorPort()],
  ).action(async (options) => (await import("../start.ts")).start(options)),

  withOptions(
    defineCommand("demo", "an emulated home, its broadcaster and the dashboard: no account needed", [
      ["demo", "a house where something happens every few seconds"],
      ["demo --scenario quiet --no-feed", "only what you make happen"],
    ]),
    [...serveOptions(), emulatorPort(), ...worldOptions("house")],
  ).action(async (options) => (await import("../demo.ts")).demo(options)),

  withOptions(
    defineCommand("serve", "sign in and broadcast the home to websockets, browsers and terminals", [
      ["serve", "every saved account, on 127.0.0.1:25465"],
      ["serve --dialect legacy", "over the TOKEN_AUTH API"],
      ["serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem", "reachable from other machines"],
      ["serve --trust-proxy --allow-host cameras.example.org", "behind nginx or Caddy"],
    ]),
    [...serveOptions(), ...proxyOptions(), ...settingOptions("dialect", "apiUrl", "oauthUrl").slice(0, -1)],
  ).action(async (options) => (await import("../serve.ts")).serve(options)),

  withOptions(
    defineCommand("emulator", "the Blink cloud, emulated on this machine", [
      ["emulator", "on 127.0.0.1:25466, where nothing happens but what you or a client make happen"],
      ["emulator --scenario busy --speed 10", "a lively home in a hurry"],
    ]),
    [
      new Option("--port <n>", "where to listen").default(25_466).argParser(parsePortNumber),
      ...worldOptions("quiet"),
    ],
  ).action(async (options) => (await import("../emulator.ts")).runEmulator(options)),
]
