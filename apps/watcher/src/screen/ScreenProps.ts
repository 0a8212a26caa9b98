import type { Binding } from "../input/keyBindings.ts"
import type { ScreenModel } from "../model/ScreenModel.ts"
import type { DrawnPicture } from "../pictures/drawPicture.ts"
import type { ColourDepth } from "../terminal/colourDepth.ts"
import type { Theme } from "../terminal/theme.ts"

/** Everything that the screen shows; its parts take the same properties. */
export interface ScreenProps {
  readonly model: ScreenModel
  readonly columns: number
  readonly rows: number
  /** Epoch milliseconds of this frame. */
  readonly now: number
  readonly theme: Theme
  readonly depth: ColourDepth
  readonly bindings: ReadonlyArray<Binding>
  readonly control: boolean
  readonly inProcess: boolean
  readonly picture: DrawnPicture | null
}
