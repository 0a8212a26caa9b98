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

const worldOptions = (scenario: "quiet" | "home"): ReadonlyArray<Option> => [
  new Option("--seed <n>", "seed of the emulated world; the same seed gives the same world")
    .default(1)
    .argParser(parseWholeNumber),
  new Option(
    "--scenario <name>",
    "scripted activity: quiet, home, busy, or a JSON file of timed steps",
  ).default(scenario),
  new Option("--speed <x>", "speed of the emulated clock").default(1).argParser(parsePositiveNumber),
]

const serveOptions = (): ReadonlyArray<Option> => [
  ...settingOptions("host", "port", "stateInterval", "clipInterval", "logLevel", "logFormat"),
  new Option("--tls-cert <file>", "certificate (PEM): serve https and wss"),
  new Option("--tls-key <file>", "key of the certificate (PEM)"),
  new Option("--allow-host <name>", "additional host name of this server; repeatable")
    .default([])
    .argParser((host: string, before: ReadonlyArray<string>) => [...before, host]),
  new Option(
    "--allow-origin <origin>",
    "additional web origin that may connect; loopback allows all of this machine; repeatable",
  )
    .default([])
    .argParser((origin: string, before: ReadonlyArray<string>) => [...before, origin]),
  new Option("--no-feed", "do not print events"),
]

const proxyOptions = (): ReadonlyArray<Option> => [
  new Option("--unix-socket <path>", "listen on a Unix socket instead of host and port"),
  new Option("--trust-proxy", "take the client address from X-Forwarded-For, behind a proxy"),
]

/** Commands that run until they are stopped. */
export const serveCommands = (): ReadonlyArray<Command> => [
  withOptions(
    defineCommand("start", "serve the configured accounts, or run the demo when there are none", [
      ["start", "same as npm start"],
      ["start --port 8080", "on another port"],
    ]),
    [...serveOptions(), ...settingOptions("dialect", "apiUrl", "oauthUrl").slice(0, -1), emulatorPort()],
  ).action(async (options) => (await import("../start.ts")).start(options)),

  withOptions(
    defineCommand("demo", "run an emulated cloud, a broadcaster and the dashboard; needs no account", [
      ["demo", "events every few seconds"],
      ["demo --scenario quiet --no-feed", "only events that you trigger"],
    ]),
    [...serveOptions(), emulatorPort(), ...worldOptions("home")],
  ).action(async (options) => (await import("../demo.ts")).demo(options)),

  withOptions(
    defineCommand("serve", "serve the saved accounts to websockets, browsers and terminals", [
      ["serve", "every saved account, on 127.0.0.1:25465"],
      ["serve --dialect legacy", "with the TOKEN_AUTH API"],
      ["serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem", "reachable from other machines"],
      ["serve --trust-proxy --allow-host cameras.example.org", "behind nginx or Caddy"],
    ]),
    [...serveOptions(), ...proxyOptions(), ...settingOptions("dialect", "apiUrl", "oauthUrl").slice(0, -1)],
  ).action(async (options) => (await import("../serve.ts")).serve(options)),

  withOptions(
    defineCommand("emulator", "run an emulated Blink cloud on this machine", [
      ["emulator", "on 127.0.0.1:25466, without scripted activity"],
      ["emulator --scenario busy --speed 10", "frequent activity at ten times the speed"],
    ]),
    [
      new Option("--port <n>", "port to listen on").default(25_466).argParser(parsePortNumber),
      ...worldOptions("quiet"),
    ],
  ).action(async (options) => (await import("../emulator.ts")).emulator(options)),
]
