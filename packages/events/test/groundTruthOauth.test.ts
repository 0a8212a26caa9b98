import { testHistories } from "./groundTruth.ts"

testHistories("oauth")
