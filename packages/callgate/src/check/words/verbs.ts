const VERBS = `
  accept access accredit acknowledge acquire activate adapt add adjust adopt advance advise aggregate align allocate allow amend
  analyse analyze annotate answer append apply appoint approve archive arrange ask assess assign associate attach attest audit
  authenticate authorise authorize average backfill backup balance ban batch begin bill bind block blur book bookmark boost
  borrow browse build bulk buy calculate calibrate call cancel capture cast certify change charge chart chat check checkout
  choose claim classify clean clear click clip clone close collect combine comment commit compare compile complete compose
  compress compute configure confirm connect consolidate consume contact continue convert copy correct correlate count create
  credit crop cut deactivate debit decide decline decode decrease decrypt define delegate delete deliver demote deny deploy
  deprecate derive describe design detach detect determine diagnose diff disable disassociate discard disconnect discover
  dismiss dispatch display dispute distribute divide download draft drag draw drop dump duplicate echo edit elect email embed
  empty emulate enable encode encrypt end enqueue enrich enrol enroll enter enumerate erase escalate estimate evaluate examine
  exchange exclude execute exit expand expire explain explore export extend extract fail favorite favour fetch file fill filter
  finalise finalize find finish fix flag flip flush focus follow forecast forget fork format forward freeze fulfil fulfill
  generate geocode get give grade graduate grant grep group guess gunzip gzip halt handle hash hide highlight hold hover identify ignore import
  include increase index infer inform ingest initialise initialize initiate insert inspect install instruct interpret
  invalidate invert investigate invite invoice invoke issue join judge keep kick kill label launch learn leave lend like limit
  link list listen load locate lock log login logout look lookup maintain make manage map mark match measure merge message
  migrate mint mirror modify monitor move multiply mute name navigate negotiate normalise normalize note notify observe obtain
  offer open optimise optimize order organise organize outline override pack paginate parse partition paste patch pause pay
  perform permit persist pick pin ping place plan play poll pop post predict prepare press preview price print prioritise
  prioritize probe process produce profile project promote propose protect prove provide provision prune publish pull purchase
  purge push put qualify query queue quote raise rank rate reach react read reactivate rebase rebook rebuild recalculate
  receive recommend reconcile record recover redeem redirect redo reduce refine reformat refresh refund refuse regenerate
  register reindex reject release reload relocate remember remind remove rename render renew reopen reorder repair repeat
  replace replay reply report repost reprocess request require reschedule resend reserve reset resize resolve respond restart
  restore restrict resume retire retrieve retry return revert review revise revoke rewrite roll rollback rotate route run sample
  save scale scan schedule score scrape screenshot scroll seal search seed seek segment select sell send separate serve set
  settle share ship show shut sign simulate skip sleep snapshot solve sort spawn specify split stage star start stop store
  stream subscribe submit substitute subtract suggest sum summarise summarize supersede suspend swap switch sync synchronise
  synchronize tag tail take tap tell terminate test toggle touch trace track train transcribe transfer transform transition
  translate trash trigger trim truncate try tune turn type unarchive unassign unban unblock undelete undo unfollow uninstall
  unlink unlock unmute unpin unpublish unregister unsubscribe unzip update upgrade upload upsert use validate verify view visit void
  vote wait wake walk warn watch weigh whitelist wipe withdraw wrap write zip zoom
`;

const KNOWN: ReadonlySet<string> = new Set(VERBS.trim().split(/\s+/));

/** Whether an English word can say what somebody does. */
export function isVerb(word: string): boolean {
  return KNOWN.has(word.toLowerCase());
}
