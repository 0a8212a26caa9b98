import { Option, type Command } from "commander"
import {
  accountOptions,
  defineCommand,
  parseCount,
  parseDurationOption,
  connectOptions,
  parseInstant,
  jsonOption,
  parseWholeNumber,
  withOptions,
} from "./defineCommand.ts"

const timeoutOption = (): Option =>
  new Option("--timeout <time>", "fail after this time")
    .default(120_000, "2 minutes")
    .argParser(parseDurationOption)

const imagesOption = (description: string): Option =>
  new Option("--images <protocol>", description).choices(["kitty", "iterm2", "sixel", "blocks", "none"])

const watchOptions = (): ReadonlyArray<Option> => [
  new Option("--json", "print one JSON object per event, with its cursor"),
  new Option("--once", "print the state and exit"),
  new Option("--count <n>", "exit after this many events").argParser(parseCount),
  new Option("--duration <time>", "exit after this time").argParser(parseDurationOption),
  new Option("--until <kind>", "exit at the first event of this kind, e.g. motion or clip.*"),
  new Option(
    "--since <position>",
    "start after this cursor, as printed with --json, at a time such as 2026-11-24T08:00:00Z, or at the beginning",
  ),
  new Option("--backfilled", "also print events from before the account was first monitored"),
  new Option("--timeout <time>", "fail after this time; with --count, --until or --once").argParser(
    parseDurationOption,
  ),
  new Option("--quiet", "print no events; only set the exit code"),
  new Option("--control", "allow commands such as arm, disarm and new pictures"),
  new Option("--color [depth]", "always use colours").choices(["16", "256", "truecolor"]),
  new Option("--no-color", "never use colours"),
  new Option("--theme <name>", "colour theme").choices(["dark", "light", "colourblind"]),
  imagesOption("protocol for drawing pictures"),
  new Option("--no-images", "never draw pictures"),
]

const armCommand = (name: "arm" | "disarm"): Command =>
  withOptions(
    defineCommand(name, `${name} a system and wait until the new state is confirmed`, [
      [`${name} Home`, "by name"],
      [`${name} 12345 --json`, "by number; result as JSON"],
    ]),
    [
      ...(name === "disarm" ? [new Option("--yes", "skip the confirmation")] : []),
      new Option("--force", `send the command even if the system is ${name}ed already`),
      timeoutOption(),
      jsonOption(),
      ...connectOptions(),
    ],
  )
    .argument("[system]", "name or number; optional when there is only one")
    .action(async (system, options) => (await import("../arm.ts")).arm(name, system, options))

const clipFilterOptions = (): ReadonlyArray<Option> => [
  new Option("--since <time>", "only clips since this date, or within this duration").argParser(parseInstant),
  new Option("--camera <name>", "only clips of this camera"),
]

const clipsCommand = (): Command => {
  const clips = defineCommand("clips", "list, download, delete and archive clips", [
    ["clips list --since 2d", "clips of the last two days"],
    ["clips download 8801 --to porch.mp4", "one clip"],
    ["clips sync ~/clips --keep 90d", "archive new clips and delete copies after 90 days"],
  ])
  clips.addCommand(
    withOptions(
      defineCommand("list", "list clips, newest first", [
        ["clips list --camera Porch --limit 10", "the ten newest clips of one camera"],
        ["clips list --since 2026-11-01 --json", "as JSON"],
      ]),
      [
        ...clipFilterOptions(),
        new Option("--limit <n>", "print at most this many").argParser(parseCount),
        jsonOption(),
        ...accountOptions(),
      ],
    ).action(async (options) => (await import("../clips.ts")).listClips(options)),
  )
  clips.addCommand(
    withOptions(
      defineCommand("download", "download clips; an interrupted download resumes", [
        ["clips download 8801 --to porch.mp4", "one clip, to this file"],
        ["clips download --since 2d --to clips/", "all clips of two days, into a folder"],
      ]),
      [
        ...clipFilterOptions(),
        new Option("--to <path>", "file or folder").default("."),
        jsonOption(),
        ...accountOptions(),
      ],
    )
      .argument(
        "[ids...]",
        "ids as `clips list` prints them; without ids, all that match --since and --camera",
      )
      .action(async (ids, options) => (await import("../clips.ts")).downloadClips(ids, options)),
  )
  clips.addCommand(
    withOptions(
      defineCommand("delete", "delete clips from the cloud, after confirmation", [
        ["clips delete 8801 8802", "two clips"],
      ]),
      [new Option("--yes", "skip the confirmation"), jsonOption(), ...accountOptions()],
    )
      .argument("<ids...>", "ids as `clips list` prints them")
      .action(async (ids, options) => (await import("../clips.ts")).deleteClips(ids, options)),
  )
  clips.addCommand(
    withOptions(
      defineCommand("sync", "copy every new clip into a folder", [
        ["clips sync ~/clips", "once"],
        ["clips sync ~/clips --every 10m --keep 90d --keep-size 20000", "continuously, bounded"],
      ]),
      [
        ...clipFilterOptions(),
        new Option("--every <time>", "run repeatedly at this interval; without it, once").argParser(
          parseDurationOption,
        ),
        new Option("--keep <time>", "delete copies older than this").argParser(parseDurationOption),
        new Option("--keep-size <megabytes>", "delete the oldest copies above this size").argParser(
          parseWholeNumber,
        ),
        jsonOption(),
        ...accountOptions(),
      ],
    )
      .argument("<folder>", "created when it does not exist")
      .action(async (folder, options) => (await import("../clipsSync.ts")).syncClips(folder, options)),
  )
  return clips
}

/** Commands that show the state or send commands. */
export const controlCommands = (): ReadonlyArray<Command> => [
  withOptions(
    defineCommand("watch", "live terminal dashboard; lines of text or JSON without a terminal", [
      ["watch", "full screen, over the broadcaster on this machine"],
      ["watch --control", "with commands enabled"],
      ["watch --json | jq .kind", "one event per line"],
      ["watch --until motion --timeout 10m", "wait for the next motion"],
    ]),
    [...watchOptions(), ...connectOptions()],
  ).action(async (options) => (await import("../watch.ts")).watch(options)),

  withOptions(
    defineCommand("state", "print the current state of systems and cameras", [
      ["state", "a table"],
      ["state --json | jq '.accounts[].cameras[].name'", "as JSON"],
    ]),
    [jsonOption(), ...connectOptions()],
  ).action(async (options) => (await import("../state.ts")).state(options)),

  armCommand("arm"),
  armCommand("disarm"),

  withOptions(
    defineCommand("motion", "switch the motion detection of a camera on or off", [
      ["motion off Porch", "disable it"],
    ]),
    [timeoutOption(), jsonOption(), ...connectOptions()],
  )
    .argument("<on|off>", "on or off")
    .argument("<camera>", "name, or kind:number")
    .action(async (wanted, camera, options) =>
      (await import("../motion.ts")).motion(wanted, camera, options),
    ),

  withOptions(
    defineCommand("snap", "take a new picture", [
      ["snap Porch --to porch.jpg", "save it"],
      ["snap Porch", "show it in the terminal"],
    ]),
    [
      new Option("--to <file>", "file for the JPEG; - for standard output"),
      timeoutOption(),
      imagesOption("protocol for drawing it"),
      jsonOption(),
      ...connectOptions(),
    ],
  )
    .argument("<camera>", "name, or kind:number")
    .action(async (camera, options) => (await import("../snap.ts")).snap(camera, options)),

  clipsCommand(),
  withOptions(
    defineCommand("live", "stream the live view of a camera as MPEG-TS", [
      ["live Porch | mpv -", "in a player"],
      ["live Porch --player mpv", "starts the player"],
    ]),
    [
      new Option("--player <program>", "start this program and write to its standard input"),
      new Option("--duration <time>", "exit after this time").argParser(parseDurationOption),
      ...accountOptions(),
    ],
  )
    .argument("<camera>", "name, or kind:number")
    .action(async (camera, options) => (await import("../live.ts")).live(camera, options)),
]
