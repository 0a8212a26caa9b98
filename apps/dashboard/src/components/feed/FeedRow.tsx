import { describeEvent } from "@blink-streams/model/presentation"
import { createMemo, Match, Show, Switch } from "solid-js"
import type { Burst, Row } from "../../state/feedRows.ts"
import type { GapEntry } from "../../state/logEntries.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import { formatDuration } from "../../format/duration.ts"
import { eventStyle } from "../../format/eventStyle.ts"
import { formatDateTime, formatTime } from "../../format/dateTime.ts"
import { openClip } from "../player/ClipPlayer.tsx"
import { Icon } from "../shell/Icon.tsx"
import { Thumbnail } from "../camera/Thumbnail.tsx"

/** Delays below this are normal for Blink and not shown. */
const minShownLagMs = 10_000

const gapReasons: Record<string, string> = {
  cursor_expired: "older than the log keeps",
  slow_consumer: "this page was too slow",
  restart: "the broadcaster started a new log",
  upstream: "Blink could not be reached",
}

const GapRow = (props: { readonly gap: GapEntry }) => (
  <li class="row gap-row">
    <time class="row-time">{formatTime(props.gap.at, props.gap.timeZone)}</time>
    <Icon name="gap" />
    <p>
      <strong>Gap</strong>
      <span>Events are missing: {gapReasons[props.gap.reason] ?? props.gap.reason}</span>
    </p>
  </li>
)

const EventRow = (props: { readonly burst: Burst }) => {
  const { history, accounts } = useAppState()
  const newest = () => props.burst.entries[0]!
  const style = createMemo(() => eventStyle(newest().event))
  const clip = createMemo(() => history.clip(newest().event))
  const subjectName = () => {
    const { subject } = newest().event
    if (subject.name !== undefined) return subject.name
    const networks = accounts.find(({ account }) => account === subject.account)?.networks ?? []
    const camera = networks.flatMap(({ cameras }) => cameras).find(({ key }) => key === newest().camera)
    return camera?.name ?? networks.find(({ id }) => id === subject.network)?.name ?? "Account"
  }
  const thumbnail = () => (clip()?.deleted ? null : (clip()?.thumbnail ?? null))
  const playable = () => clip()?.clip !== undefined && !clip()!.deleted
  return (
    <li
      class="row"
      data-tone={style().tone}
      data-replayed={newest().replayed ? "" : undefined}
      id={`row-${newest().key}`}
    >
      <time
        class="row-time"
        datetime={newest().event.occurredAt}
        title={formatDateTime(newest().at, newest().timeZone)}
      >
        {formatTime(newest().at, newest().timeZone)}
      </time>
      <Icon name={style().icon} />
      <p>
        <strong>
          <bdi>{subjectName()}</bdi>
          <Show when={props.burst.entries.length > 1}>
            <span class="burst-count"> ×{props.burst.entries.length}</span>
          </Show>
        </strong>
        <span>
          {describeEvent(newest().event).text}
          <Show when={newest().lagMs > minShownLagMs}>
            <em class="lag" title="Delay until Blink reported it">
              {" "}
              +{formatDuration(newest().lagMs)}
            </em>
          </Show>
          <Show when={clip()?.deleted}>
            <em class="lag"> clip deleted</em>
          </Show>
        </span>
      </p>
      <Show when={thumbnail() !== null || playable()}>
        <button
          type="button"
          class="row-clip"
          disabled={!playable()}
          aria-label={
            playable()
              ? `Play the clip of ${subjectName()}, ${formatTime(newest().at, newest().timeZone)}`
              : "The clip is not available yet"
          }
          onClick={() => openClip(newest().event)}
        >
          <Thumbnail url={thumbnail()} label="" />
          <Show when={playable()}>
            <Icon name="play" />
          </Show>
        </button>
      </Show>
    </li>
  )
}

/** Separates live rows from rows that were replayed from the log. */
export const LogDivider = (props: { readonly source: "log" | "live" | null }) => (
  <Show when={props.source}>
    {(source) => <li class="log-divider">{source() === "log" ? "Loaded from the log" : "Received live"}</li>}
  </Show>
)

/** One row of the feed: a burst of events or a gap. */
export const FeedRow = (props: { readonly row: Row }) => (
  <Switch>
    <Match when={"entries" in props.row ? props.row : null}>{(burst) => <EventRow burst={burst()} />}</Match>
    <Match when={"entries" in props.row ? null : props.row}>{(gap) => <GapRow gap={gap()} />}</Match>
  </Switch>
)
