package touchline.relay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/**
 * One match at one position: its cells, and for each the version since which it says what it says. So a patch from any
 * earlier version is a look at the present, not a walk through a history: no ring of updates, and no client is too slow for
 * one. Only cells that are no more must be remembered; beyond {@code removedMax} of them the oldest are forgotten, and from
 * before that there is an image instead of a patch.
 *
 * <p>Does not change: an update makes another one, which shares what stayed.
 */
final class MatchState {

    final String match;
    final Position position;
    final boolean ended;
    final Facts facts;
    final Feed feed;
    /** A patch can be made from any version of this epoch at or above this one. */
    final long knownSince;
    /** The last version at which a market closed, or 0. */
    final long closedAt;
    /**
     * The versions beyond the first and before the second were never seen here: an image came in their place. Who stands at
     * one of them, brought there by another relay, may hold what nobody here knows of, and it cannot be taken back by a patch.
     */
    private final long jumpedFrom;

    private final long jumpedTo;

    private final GroupState[] groups;
    private final Encoded encoded = new Encoded(this);

    private MatchState(
            String match,
            Position position,
            boolean ended,
            @Nullable Facts before,
            long knownSince,
            long closedAt,
            long jumpedFrom,
            long jumpedTo,
            GroupState[] groups) {
        this.match = match;
        this.position = position;
        this.ended = ended;
        this.knownSince = knownSince;
        this.closedAt = closedAt;
        this.jumpedFrom = jumpedFrom;
        this.jumpedTo = jumpedTo;
        this.groups = groups;
        this.facts = facts(before);
        this.feed = Feed.of(group("match").value("feed"));
    }

    /**
     * What an image says, where nothing of its epoch is held.
     *
     * @return null when its cells are not what its checksums say
     */
    static @Nullable MatchState first(MarketUpdate image) {
        MatchState none = new MatchState(
                image.match(), image.position(), false, null, image.position().version(), 0, 0, 0, new GroupState[0]);
        return none.with(image, Integer.MAX_VALUE);
    }

    /**
     * After an update: a patch from exactly here, or an image or end of the same epoch from further on.
     *
     * @param removedMax how many cells that are no more are remembered
     * @return null when the cells are not what the checksums say
     */
    @Nullable
    MatchState with(MarketUpdate update, int removedMax) {
        long version = update.position().version();
        boolean whole = update.kind() != MarketUpdate.Kind.PATCH;
        SortedMap<String, GroupState> changed = new TreeMap<>();
        if (whole) {
            Map<String, SortedMap<String, String>> said = byGroup(update.set());
            for (GroupState group : groups) {
                changed.put(group.key, group.keeping(said.getOrDefault(group.key, new TreeMap<>()), version));
            }
        }
        update.set().forEach((cell, value) -> {
            String key = MarketUpdate.group(cell);
            GroupState group = changed.containsKey(key) ? changed.get(key) : group(key);
            changed.put(key, group.with(MarketUpdate.field(cell), value, version));
        });
        for (String cell : update.del()) {
            String key = MarketUpdate.group(cell);
            GroupState group = changed.containsKey(key) ? changed.get(key) : group(key);
            changed.put(key, group.without(MarketUpdate.field(cell), version));
        }
        if (!fits(update, changed, whole)) {
            return null;
        }
        boolean closes = changed.values().stream().anyMatch(group -> isOpen(group(group.key)) && !isOpen(group));
        GroupState[] groups = merged(changed);
        boolean jumps = version > position.version() + 1;
        // Of two jumps the later one is remembered: from before the end of the earlier one there is an image.
        long knownSince = Math.max(forget(groups, removedMax), jumps ? jumpedTo : 0);
        return new MatchState(
                match,
                update.position(),
                update.kind() == MarketUpdate.Kind.END,
                facts,
                knownSince,
                closes ? version : closedAt,
                jumps ? position.version() : jumpedFrom,
                jumps ? version : jumpedTo,
                groups);
    }

    /** Can somebody who holds this position be brought here by a patch? */
    boolean reaches(Position from) {
        boolean known = from.version() >= knownSince && from.version() <= position.version();
        boolean seen = from.version() <= jumpedFrom || from.version() >= jumpedTo;
        return position.sameEpoch(from) && known && seen;
    }

    /** Did anything change for these columns after a version of this epoch? */
    boolean changedSince(long version, Columns columns) {
        for (GroupState group : groups) {
            if (group.changed > version && columns.cover(group.key)) {
                return true;
            }
        }
        return false;
    }

    List<GroupState> groups() {
        return List.of(groups);
    }

    /** What this state is on the wire, made once. */
    Encoded encoded() {
        return encoded;
    }

    @Nullable
    String cell(String group, String field) {
        return group(group).value(field);
    }

    private GroupState group(String key) {
        for (GroupState group : groups) {
            if (group.key.equals(key)) {
                return group;
            }
        }
        return GroupState.empty(key);
    }

    private static Map<String, SortedMap<String, String>> byGroup(SortedMap<String, String> cells) {
        Map<String, SortedMap<String, String>> groups = new TreeMap<>();
        cells.forEach((cell, value) -> groups.computeIfAbsent(MarketUpdate.group(cell), key -> new TreeMap<>())
                .put(MarketUpdate.field(cell), value));
        return groups;
    }

    private boolean fits(MarketUpdate update, SortedMap<String, GroupState> changed, boolean whole) {
        for (Map.Entry<String, @Nullable String> sum : update.sums().entrySet()) {
            GroupState group = changed.containsKey(sum.getKey()) ? changed.get(sum.getKey()) : group(sum.getKey());
            String held = group.isEmpty() ? null : Checksum.hex(group.sum);
            String told = sum.getValue();
            if (held == null ? told != null : !held.equals(told)) {
                return false;
            }
        }
        for (GroupState group : changed.values()) {
            if (!update.sums().containsKey(group.key) && !(whole && group.isEmpty())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOpen(GroupState group) {
        return "open".equals(group.value("@status"));
    }

    private GroupState[] merged(SortedMap<String, GroupState> changed) {
        SortedMap<String, GroupState> all = new TreeMap<>();
        for (GroupState group : groups) {
            all.put(group.key, group);
        }
        all.putAll(changed);
        all.values().removeIf(group -> group.isEmpty() && group.removals() == 0);
        return all.values().toArray(new GroupState[0]);
    }

    /** Forgets removals beyond the bound, in place; returns since when everything is known. */
    private long forget(GroupState[] groups, int removedMax) {
        int removals = 0;
        for (GroupState group : groups) {
            removals += group.removals();
        }
        long knownSince = this.knownSince;
        if (removals <= removedMax) {
            return knownSince;
        }
        List<GroupState> oldest = new ArrayList<>(List.of(groups));
        while (removals > removedMax) {
            oldest.sort(Comparator.comparingLong(GroupState::firstRemoval));
            long version = oldest.get(0).firstRemoval();
            removals = 0;
            for (int i = 0; i < groups.length; i++) {
                groups[i] = groups[i].forgetting(version);
                removals += groups[i].removals();
            }
            oldest = new ArrayList<>(List.of(groups));
            knownSince = Math.max(knownSince, version);
        }
        return knownSince;
    }

    private Facts facts(@Nullable Facts before) {
        GroupState fields = group("match");
        Facts now = new Facts(match, fields.value("phase"), fields.value("sport"), fields.value("league"));
        return before != null && now.equals(before) ? before : now;
    }
}
