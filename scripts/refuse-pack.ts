// The checkout runs from its sources, which Node does not accept from under node_modules: only the build may be published.
console.error("Pack the built package: npm run build && npm pack ./packages/callgate/build");
process.exit(1);
