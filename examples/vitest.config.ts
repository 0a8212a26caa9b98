import { packageProject } from "../tooling/vitest/packageProject.ts"

export default packageProject("examples")
