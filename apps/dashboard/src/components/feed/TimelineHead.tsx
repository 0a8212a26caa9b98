import { For } from "solid-js"
import { formatDay } from "../../format/dateTime.ts"
import { type EventGroup, eventGroups } from "../../format/eventGroup.ts"
import type { CameraView } from "../../state/accountViews.ts"
import type { Days } from "../../state/timeline/createDays.ts"
import type { TimelineFilter } from "../../state/timeline/createFilter.ts"
import { Icon } from "../shell/Icon.tsx"

const groupLabels: Record<EventGroup, string> = {
  motion: "Motion",
  doorbell: "Doorbell",
  arm: "Arm",
  clips: "Clips",
  devices: "Devices",
  system: "System",
}

/** Selection of the day, the kinds of events and the camera of the timeline. */
export const TimelineHead = (props: {
  readonly days: Days
  readonly filter: TimelineFilter
  readonly cameras: ReadonlyArray<CameraView>
  readonly onMove: (step: 1 | -1) => void
}) => (
  <div class="timeline-head">
    <button
      type="button"
      class="icon-button"
      aria-label="Previous day"
      disabled={props.days.isOldest()}
      onClick={() => props.onMove(1)}
    >
      <Icon name="left" />
    </button>
    <button
      type="button"
      class="icon-button"
      aria-label="Next day"
      disabled={props.days.isNewest()}
      onClick={() => props.onMove(-1)}
    >
      <Icon name="right" />
    </button>
    <h1 aria-live="polite">{formatDay(props.days.selected(), props.days.today().day)}</h1>
    <fieldset class="filters">
      <legend class="visually-hidden">Event kinds</legend>
      <For each={eventGroups}>
        {(group) => (
          <label>
            <input
              type="checkbox"
              checked={!props.filter.isHidden(group)}
              onChange={() => props.filter.toggle(group)}
            />
            <span>{groupLabels[group]}</span>
          </label>
        )}
      </For>
    </fieldset>
    <label class="camera-filter">
      <span class="visually-hidden">Camera</span>
      <select onChange={(event) => props.filter.setCamera(event.currentTarget.value || null)}>
        <option value="" selected={props.filter.camera() === null}>
          All cameras
        </option>
        <For each={props.cameras}>
          {(each) => (
            <option value={each.key} selected={props.filter.camera() === each.key}>
              {each.name}
            </option>
          )}
        </For>
      </select>
    </label>
  </div>
)
