/* oxlint-disable vitest/expect-expect -- where a use must be wrong, the directive is the assertion */
import { describe, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { content } from "./content.ts";
import { defineDomain } from "./domain.ts";
import { inputRequired } from "./input-required.ts";
import { jsonSchema } from "./schema.ts";

interface Books {
  find(id: string): { id: string; total: number } | undefined;
}
declare const books: Books;

const about = { owner: "o", purpose: "p", concern: "c" };
const things = defineDomain("things", {
  ...about,
  backend: {
    start: ({ access, credential }) => {
      expectTypeOf(access).toEqualTypeOf<"read" | "write">();
      expectTypeOf(credential).toEqualTypeOf<string | undefined>();
      return books;
    },
    health: (backend, signal) => {
      expectTypeOf(backend).toEqualTypeOf<Books>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    },
  },
  smoke: {
    checks: [{ call: "get_thing", with: { id: "a" }, expect: ({ total }: { total: number }) => total > 0 }],
    refusesWrites: (backend, signal) => {
      expectTypeOf(backend).toEqualTypeOf<Books>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    },
  },
});
const description = "Does something.";
const input = z.object({ id: z.string(), nights: z.number().default(1) });
const output = z.object({ id: z.string(), total: z.number() });
const result = { id: "a", total: 1 };

describe("a read", () => {
  it("knows its input as the schema gives it, and its backend", () => {
    things.read("get_thing", {
      description,
      input,
      output,
      guard: ({ input: given }) => {
        expectTypeOf(given).toEqualTypeOf<{ id: string; nights: number }>();
        return true;
      },
      run: (given, { backend, signal }) => {
        expectTypeOf(given).toEqualTypeOf<{ id: string; nights: number }>();
        expectTypeOf(backend).toEqualTypeOf<Books>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        return result;
      },
    });
  });

  it("knows its input from a JSON Schema that names its type", () => {
    things.read("get_thing", {
      description,
      input: jsonSchema<{ id: string }>({ type: "object" }),
      output: jsonSchema<{ total: number }>({ type: "object" }),
      run: (given) => {
        expectTypeOf(given).toEqualTypeOf<{ id: string }>();
        return { total: given.id.length };
      },
    });
  });

  it("gives what its output says, its parts, content, or a question", () => {
    const include = { guest: z.object({ name: z.string() }) };
    things.read("get_thing", {
      description,
      input,
      output,
      include,
      run: () => ({ ...result, guest: { name: "Ann" } }),
    });
    things.read("get_thing", { description, input, output, include, run: async () => result });
    things.read("get_thing", { description, input, output, run: () => content([{ type: "text", text: "a" }], result) });
    things.read("get_thing", { description, input, output, run: () => inputRequired({ state: 1 }) });
    // @ts-expect-error -- the total is missing
    things.read("get_thing", { description, input, output, run: () => ({ id: "a" }) });
    // @ts-expect-error -- the part has another type
    things.read("get_thing", { description, input, output, include, run: () => ({ ...result, guest: { name: 7 } }) });
    // @ts-expect-error -- the content has another type
    things.read("get_thing", { description, input, output, run: () => content([], { id: 7 }) });
  });

  it("without an output gives what it likes, or nothing", () => {
    things.read("get_thing", { description, input, run: () => "text" });
    things.read("get_thing", { description, input, run: () => undefined });
  });

  it("has neither plan nor commit", () => {
    // @ts-expect-error -- a read has `run`
    things.read("get_thing", { description, input, plan: () => ({ preview: {} }), commit: () => result });
  });
});

describe("a write", () => {
  it("carries the plan's type from plan to commit, and the result's to undo", () => {
    things.write("make_thing", {
      description,
      input,
      output,
      volatile: ["quoteId"],
      plan: (given, { idempotencyKey, dryRun }) => {
        expectTypeOf(given).toEqualTypeOf<{ id: string; nights: number }>();
        expectTypeOf(idempotencyKey).toEqualTypeOf<string | undefined>();
        expectTypeOf(dryRun).toEqualTypeOf<boolean>();
        return { preview: { action: "make" }, total: 7, quoteId: "q" };
      },
      commit: (plan, { backend, idempotencyKey, attempt }) => {
        expectTypeOf(plan.total).toEqualTypeOf<number>();
        expectTypeOf(backend).toEqualTypeOf<Books>();
        expectTypeOf(idempotencyKey).toEqualTypeOf<string>();
        expectTypeOf(attempt).toEqualTypeOf<number>();
        return { id: "a", total: plan.total };
      },
      lookup: (key, { backend }) => {
        expectTypeOf(key).toEqualTypeOf<string>();
        return backend.find(key);
      },
      undo: (made) => {
        expectTypeOf(made).toEqualTypeOf<{ id: string; total: number }>();
      },
    });
  });

  it("cannot do without a preview", () => {
    // @ts-expect-error -- the plan shows nothing
    things.write("make_thing", { description, input, output, plan: () => ({ total: 7 }), commit: () => result });
  });

  it("cannot commit what was not planned, nor declare volatile what is not there", () => {
    const plan = () => ({ preview: {}, total: 7 });
    things.write("make_thing", {
      description,
      input,
      output,
      plan,
      // @ts-expect-error -- the plan has no price
      commit: ({ price }) => ({ id: "a", total: price }),
    });
    // @ts-expect-error -- the plan has no price
    things.write("make_thing", { description, input, output, plan, volatile: ["price"], commit: () => result });
  });

  it("gives what its output says", () => {
    const plan = () => ({ preview: {} });
    things.destructive("drop_thing", { description, input, plan, commit: () => undefined });
    // @ts-expect-error -- the total is missing
    things.write("make_thing", { description, input, output, plan, commit: () => ({ id: "a" }) });
    // @ts-expect-error -- lookup gives another type
    things.write("make_thing", { description, input, output, plan, commit: () => result, lookup: () => ({ id: 7 }) });
  });

  it("has no run", () => {
    // @ts-expect-error -- a write is planned and committed
    things.write("make_thing", { description, input, output, run: () => result });
  });
});

describe("a domain without a backend", () => {
  it("has tools whose backend is undefined", () => {
    defineDomain("plain", about).read("get_thing", {
      description,
      input,
      run: (_given, { backend }) => {
        expectTypeOf(backend).toEqualTypeOf<undefined>();
        return result;
      },
    });
  });

  it("cannot do without an owner, a purpose and a concern", () => {
    // @ts-expect-error -- nobody answers for it
    defineDomain("plain", { purpose: "p", concern: "c" });
  });
});

describe("an approval", () => {
  const plan = () => ({ preview: {}, total: 7 });
  const write = { description, input, output, commit: () => result };

  it("is a level, or rules over the plan's own type and the input as validated", () => {
    things.write("make_thing", { ...write, plan, approval: "operator" });
    things.write("make_thing", {
      ...write,
      plan,
      approval: {
        level: "client",
        rules: [
          { when: "plan.total > 1000", level: "owner", because: "It is dear." },
          {
            when: ({ plan: planned, input: given, subject }) => {
              expectTypeOf(planned.total).toEqualTypeOf<number>();
              expectTypeOf(given).toEqualTypeOf<{ id: string; nights: number }>();
              return subject.kind === "agent";
            },
            level: "two",
          },
        ],
      },
    });
  });

  it("knows no other level, and nothing that the plan has not", () => {
    // @ts-expect-error -- there is no such level
    things.write("make_thing", { ...write, plan, approval: "boss" });
    things.write("make_thing", {
      ...write,
      plan,
      // @ts-expect-error -- the plan has no price
      approval: { rules: [{ when: (by) => by.plan.price > 1, level: "two" }] },
    });
    // @ts-expect-error -- nothing of a read can be held back
    things.read("get_thing", { description, input, output, run: () => result, approval: "owner" });
  });
});
