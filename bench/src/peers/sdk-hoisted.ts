import { Booking, FindBookingsInput, FindBookingsOutput } from "../find-bookings.ts";
import { serveSdk } from "./serve-sdk.ts";

// Faster than the documentation's way: the schemas are built once, outside of the factory.
serveSdk(() => ({ Booking, FindBookingsInput, FindBookingsOutput }));
