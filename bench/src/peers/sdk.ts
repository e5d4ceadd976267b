import { buildSchemas } from "../find-bookings.ts";
import { serveSdk } from "./serve-sdk.ts";

// As the SDK's documentation writes it: the schemas stand inside of the factory.
serveSdk(buildSchemas);
