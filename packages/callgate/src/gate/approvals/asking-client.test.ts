import { describe, expect, it } from "vitest";
import { aborted, gateThatAsks, stay } from "../testing/gate-that-asks.ts";
import type { Reply } from "../testing/test-caller.ts";

function stateOf(reply: Reply): {
  requestState: string;
  requests: Record<string, { params: Record<string, unknown> }>;
} {
  const { requestState, inputRequests: requests } = reply.result as { requestState: string; inputRequests: never };
  return { requestState, requests };
}

describe("asking the client", () => {
  const form = { capabilities: { elicitation: {} } };

  it("[W3] takes the client's own word where that is enough, in one round", async () => {
    await using asking = await gateThatAsks({ approval: "client" });
    const { gate, bookings } = asking;
    const { requestState, requests } = stateOf(await gate.call("create_booking", stay("k"), form));
    expect(requests["approval"]?.params).toMatchObject({
      mode: "form",
      message: expect.stringContaining('"price": 100'),
    });
    const yes = { approval: { action: "accept", content: { approve: true } } };
    const params = { requestState, inputResponses: yes };
    expect((await gate.call("create_booking", stay("k"), { ...form, params })).structured).toMatchObject({ id: "b1" });
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W3] takes a no, and does not take a yes that nobody was asked for (SECURITY 16)", async () => {
    await using asking = await gateThatAsks({ approval: "client" });
    const { gate, bookings } = asking;
    const yes = { approval: { action: "accept", content: { approve: true } } };
    const unasked = await gate.call("create_booking", stay("k"), { ...form, params: { inputResponses: yes } });
    const { requestState } = stateOf(unasked);
    const no = { approval: { action: "decline" } };
    const said = { ...form, params: { requestState, inputResponses: no } };
    expect((await gate.call("create_booking", stay("k"), said)).code).toBe("approval_denied");
    expect(bookings.effects).toEqual([]);
  });

  it("[W3] takes no form where a person has to sign in, nor the yes to it (SECURITY 16)", async () => {
    await using asking = await gateThatAsks({ approval: "operator" });
    const { gate, bookings } = asking;
    expect((await gate.call("create_booking", stay("k"), form)).code).toBe("approval_pending");
    const yes = { approval: { action: "accept", content: { approve: true } } };
    const { signal } = aborted();
    const again = await gate.call("create_booking", stay("k"), { ...form, signal, params: { inputResponses: yes } });
    expect(again.code).toBe("approval_pending");
    expect(again.texts.join()).not.toContain("http");
    expect(bookings.effects).toEqual([]);
  });

  it("[W3] opens the page for the person before the client, and waits when it comes back", async () => {
    await using asking = await gateThatAsks({}, { config: { server: { publicUrl: "https://tools.example.com/" } } });
    const { gate } = asking;
    const url = { capabilities: { elicitation: { url: {} } } };
    const { requestState, requests } = stateOf(await gate.call("create_booking", stay(), url));
    const { approval } = await asking.waiting();
    expect(requests["approval"]?.params).toMatchObject({
      mode: "url",
      url: `https://tools.example.com/approvals/${approval?.id}`,
    });
    const params = { requestState, inputResponses: { approval: { action: "accept" } } };
    const second = gate.call("create_booking", stay(), { ...url, params });
    await asking.decide("approve");
    expect(await second).toMatchObject({ structured: { id: "b1" } });
  });
});
