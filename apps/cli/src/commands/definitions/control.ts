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

const watchOptions = (): ReadonlyArray<Option> => [
  new Option("--json", "one JSON object per event, as the websocket has it"),
  new Option("--once", "print the state and end"),
  new Option("--count <n>", "end after so many events").argParser(parseCount),
  new Option("--duration <time>", "end after that long").argParser(parseDurationOption),
  new Option("--until <kind>", "end with the first event of this kind, e.g. motion or clip.*"),
  new Option("--since <cursor>", "begin after this epoch:seq"),
  new Option("--timeout <time>", "with --count, --until or --once: give up after that long").argParser(
    parseDurationOption,
  ),
  new Option("--quiet", "print no events, only the exit code"),
  new Option("--control", "allow arm, disarm and everything else that changes the home"),
  new Option("--color [depth]", "always use colours").choices(["16", "256", "truecolor"]),
  new Option("--no-color", "never use colours"),
  new Option("--theme <name>", "dark, light, or colourblind").choices(["dark", "light", "colourblind"]),
  new Option("--images <protocol>", "how to draw pictures").choices([
    "kitty",
    "iterm2",
    "sixel",
    "blocks",
    "none",
  ]),
  new Option("--no-images", "never draw pictures"),
]

const armCommand = (name: "arm" | "disarm"): Command =>
  withOptions(
    defineCommand(name, `${name} a system and wait until the cloud confirms it`, [
      [`${name} Home`, "by name"],
      [`${name} 12345 --json`, "by number; prints the result as JSON"],
    ]),
    [
      ...(name === "disarm" ? [new Option("--yes", "don't ask")] : []),
      new Option("--timeout <time>", "give up after that long")
        .default(120_000, "2 minutes")
        .argParser(parseDurationOption),
      jsonOption(),
      ...connectOptions(),
    ],
  )
    .argument("[system]", "name or number; may be left out when there is one")
    .action(async (system, options) => (await import("../arm.ts")).arm(name, system, options))

const clipFilterOptions = (): ReadonlyArray<Option> => [
  new Option("--since <time>", "not older than this date or duration").argParser(parseInstant),
  new Option("--camera <name>", "only of this camera"),
]

const clipsCommand = (): Command => {
  const clips = defineCommand("clips", "recordings: list, download, delete, keep a copy", [
    ["clips list --since 2d", "of the last two days"],
    ["clips download 8801 --to porch.mp4", "one of them"],
    ["clips sync ~/clips --keep 90d", "an archive that runs on its own"],
  ])
  clips.addCommand(
    withOptions(
      defineCommand("list", "which recordings there are, newest first", [
        ["clips list --camera Porch --limit 10", "the last ten of one camera"],
        ["clips list --since 2026-11-01 --json", "for a program"],
      ]),
      [
        ...clipFilterOptions(),
        new Option("--limit <n>", "at most so many").argParser(parseCount),
        jsonOption(),
        ...accountOptions(),
      ],
    ).action(async (options) => (await import("../clips.ts")).listClips(options)),
  )
  clips.addCommand(
    withOptions(
      defineCommand("download", "save recordings; an interrupted one goes on where it stopped", [
        ["clips download 8801 --to porch.mp4", "one, under that name"],
        ["clips download --since 2d --to clips/", "all of two days, into a folder"],
      ]),
      [
        ...clipFilterOptions(),
        new Option("--to <path>", "file or folder").default("."),
        jsonOption(),
        ...accountOptions(),
      ],
    )
      .argument("[ids...]", "as `clips list` prints them; without, all that --since and --camera choose")
      .action(async (ids, options) => (await import("../clips.ts")).downloadClips(ids, options)),
  )
  clips.addCommand(
    withOptions(
      defineCommand("delete", "delete recordings from the cloud; asks first", [
        ["clips delete 8801 8802", "these two, after a question"],
      ]),
      [new Option("--yes", "don't ask"), jsonOption(), ...accountOptions()],
    )
      .argument("<ids...>", "as `clips list` prints them")
      .action(async (ids, options) => (await import("../clips.ts")).deleteClips(ids, options)),
  )
  clips.addCommand(
    withOptions(
      defineCommand("sync", "copy every new recording into a folder", [
        ["clips sync ~/clips", "once"],
        ["clips sync ~/clips --every 10m --keep 90d --keep-size 20000", "for ever, within bounds"],
      ]),
      [
        ...clipFilterOptions(),
        new Option("--every <time>", "look again that often; without it, once").argParser(
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
      .argument("<folder>", "made if it isn't there")
      .action(async (folder, options) => (await import("../clipsSync.ts")).syncClips(folder, options)),
  )
  return clips
}

/** Commands that show or change a home. */
export const controlCommands = (): ReadonlyArray<Command> => [
  withOptions(
    defineCommand("watch", "the screen to leave open; lines of text or JSON where there is no terminal", [
      ["watch", "full screen; finds the broadcaster on this machine"],
      ["watch --control", "and may arm, disarm and take pictures"],
      ["watch --json | jq .event.kind", "one event per line"],
      ["watch --until motion --timeout 10m", "wait for somebody to come home"],
    ]),
    [...watchOptions(), ...connectOptions()],
  ).action(async (options) => (await import("../watch.ts")).watch(options)),

  withOptions(
    defineCommand("state", "systems and cameras as they are now", [
      ["state", "a table"],
      ["state --json | jq '.accounts[].cameras[].name'", "for a program"],
    ]),
    [jsonOption(), ...connectOptions()],
  ).action(async (options) => (await import("../state.ts")).state(options)),

  armCommand("arm"),
  armCommand("disarm"),

  withOptions(
    defineCommand("motion", "switch the motion detection of a camera", [
      ["motion off Porch", "until it is switched on"],
    ]),
    [
      new Option("--timeout <time>", "give up after that long")
        .default(120_000, "2 minutes")
        .argParser(parseDurationOption),
      jsonOption(),
      ...connectOptions(),
    ],
  )
    .argument("<on|off>", "what it shall be")
    .argument("<camera>", "name, or kind:number")
    .action(async (wanted, camera, options) =>
      (await import("../motion.ts")).motion(wanted, camera, options),
    ),

  withOptions(
    defineCommand("snap", "take a picture now", [
      ["snap Porch --to porch.jpg", "save it"],
      ["snap Porch", "show it, where the terminal can"],
    ]),
    [
      new Option("--to <file>", "where to save the JPEG; - for standard output"),
      new Option("--timeout <time>", "give up after that long")
        .default(120_000, "2 minutes")
        .argParser(parseDurationOption),
      new Option("--images <protocol>", "how to show it").choices([
        "kitty",
        "iterm2",
        "sixel",
        "blocks",
        "none",
      ]),
      jsonOption(),
      ...connectOptions(),
    ],
  )
    .argument("<camera>", "name, or kind:number")
    .action(async (camera, options) => (await import("../snap.ts")).snap(camera, options)),

  clipsCommand(),
  withOptions(
    defineCommand("live", "what a camera sees, as MPEG-TS", [
      ["live Porch | mpv -", "in a player"],
      ["live Porch --player mpv", "the same"],
    ]),
    [
      new Option("--player <program>", "start it and feed it"),
      new Option("--duration <time>", "end after that long").argParser(parseDurationOption),
      ...accountOptions(),
    ],
  )
    .argument("<camera>", "name, or kind:number")
    .action(async (camera, options) => (await import("../live.ts")).live(camera, options)),
]
