#!/bin/sh
# A server over stdio that is odd in the way that its first argument names, and starts in a millisecond: for thousands of starts.
[ "$1" = "ends at once" ] && exit 3
while read -r line; do
  id=${line#*'"id":'}
  id=${id%%[,\}]*}
  case $line in
    *'"server/discover"'*)
      echo '{"jsonrpc":"2.0","id":'"$id"',"result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}}' ;;
    *'"tools/call"'*)
      case $1 in
        "ends within the call") exit 4 ;;
        "says too much") while :; do printf '%065536d' 0; done ;;
        "leaves one of its own behind") sleep 1000 & ;;
      esac
      echo '{"jsonrpc":"2.0","id":'"$id"',"result":{"content":[{"type":"text","text":"good"}]}}' ;;
  esac
done
