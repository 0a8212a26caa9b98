import { createMemo, Match, Show, Switch } from "solid-js"
import type { Burst, Row } from "../live/bursts.ts"
import type { GapEntry } from "../live/entries.ts"
import { useLive } from "../live/LiveContext.ts"
import { span } from "../words/age.ts"
import { describe } from "../words/describe.ts"
import { fullTime, shortTime } from "../words/when.ts"
import { openClip } from "./ClipPlayer.tsx"
import { Glyph } from "./Glyph.tsx"
import { Picture } from "./Picture.tsx"

/** Below this a late fact is simply how the cloud works; above it the lag is told. */
const lagWorthTelling = 10_000

const gapWords: Record<string, string> = {
  cursor_expired: "older than what the log keeps",
  slow_consumer: "this page could not keep up",
  restart: "the broadcaster began a new log",
  upstream: "the cloud could not be asked",
}

const GapRow = (props: { readonly gap: GapEntry }) => (
  <li class="row gap-row">
    <time class="row-time">{shortTime(props.gap.at, props.gap.zone)}</time>
    <Glyph name="gap" />
    <p>
      <strong>Gap</strong>
      <span>
        {props.gap.missing > 0
          ? `${props.gap.missing} events are missing here`
          : "Events may be missing here"}
        {": "}
        {gapWords[props.gap.reason] ?? props.gap.reason}
      </span>
    </p>
  </li>
)

const EventRow = (props: { readonly burst: Burst }) => {
  const { history, accounts } = useLive()
  const newest = () => props.burst.entries[0]!
  const words = createMemo(() => describe(newest().event))
  const clip = createMemo(() => history.clip(newest().event))
  const place = () => {
    const { subject } = newest().event
    if (subject.name !== undefined) return subject.name
    const networks = accounts.find(({ account }) => account === subject.account)?.networks ?? []
    const camera = networks.flatMap(({ cameras }) => cameras).find(({ key }) => key === newest().camera)
    return camera?.name ?? networks.find(({ id }) => id === subject.network)?.name ?? "Account"
  }
  const picture = () => (clip()?.deleted ? null : (clip()?.thumbnail ?? null))
  const playable = () => clip()?.clip !== undefined && !clip()!.deleted
  return (
    <li
      class="row"
      data-tone={words().tone}
      data-replayed={newest().replayed ? "" : undefined}
      id={`row-${newest().seq}`}
    >
      <time
        class="row-time"
        datetime={newest().event.occurredAt}
        title={fullTime(newest().at, newest().zone)}
      >
        {shortTime(newest().at, newest().zone)}
      </time>
      <Glyph name={words().glyph} />
      <p>
        <strong>
          <bdi>{place()}</bdi>
          <Show when={props.burst.entries.length > 1}>
            <span class="times"> ×{props.burst.entries.length}</span>
          </Show>
        </strong>
        <span>
          {words().text}
          <Show when={newest().lagMs > lagWorthTelling}>
            <em class="lag" title="How much later the cloud showed it">
              {" "}
              +{span(newest().lagMs)}
            </em>
          </Show>
          <Show when={clip()?.deleted}>
            <em class="lag"> clip deleted</em>
          </Show>
        </span>
      </p>
      <Show when={picture() !== null || playable()}>
        <button
          type="button"
          class="row-clip"
          disabled={!playable()}
          aria-label={
            playable()
              ? `Play the clip of ${place()}, ${shortTime(newest().at, newest().zone)}`
              : "The clip is not there yet"
          }
          onClick={() => openClip(newest().event)}
        >
          <Picture url={picture()} label="" />
          <Show when={playable()}>
            <Glyph name="play" />
          </Show>
        </button>
      </Show>
    </li>
  )
}

/** Tells rows that this page saw happen from those that it read in the log. */
export const LogMark = (props: { readonly mark: "log" | "live" | null }) => (
  <Show when={props.mark}>
    {(mark) => <li class="from-log">{mark() === "log" ? "Read from the log" : "Seen live"}</li>}
  </Show>
)

/** One row of the feed: a burst of events or a gap. */
export const FeedRow = (props: { readonly row: Row }) => (
  <Switch>
    <Match when={"entries" in props.row ? props.row : null}>{(burst) => <EventRow burst={burst()} />}</Match>
    <Match when={"entries" in props.row ? null : props.row}>{(gap) => <GapRow gap={gap()} />}</Match>
  </Switch>
)
