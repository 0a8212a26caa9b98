import { testHistories } from "./groundTruth.ts"

testHistories("legacy")
