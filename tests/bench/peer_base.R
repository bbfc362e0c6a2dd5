# The standard analysis job in vectorised base R, without a package.
#
#   Rscript tests/bench/peer_base.R FOLDER
#
# Reads the tables of `sample.write_files` and writes `r.csv` beside them. Like the job in pandas it
# does less than Baken: no omega, no shrinkage, no agreement, no effect sizes.

folder <- commandArgs(trailingOnly = TRUE)[1]
k <- 10
z <- qnorm(.975)

header <- names(read.csv(file.path(folder, "answers.csv"), nrows = 1))
answers <- read.csv(file.path(folder, "answers.csv"),
                    colClasses = c("character", rep("integer", length(header) - 1)))
units <- read.csv(file.path(folder, "units.csv"), colClasses = c("character", "integer", "character"))
items <- as.matrix(answers[, -1])
n_scales <- ncol(items) / 4
for (s in seq_len(n_scales)) items[, 4 * s] <- 6L - items[, 4 * s]

scores <- sapply(seq_len(n_scales), function(s) {
  own <- items[, (4 * s - 3):(4 * s)]
  enough <- 2 * rowSums(!is.na(own)) >= 4
  ifelse(enough, 100 * (rowMeans(own, na.rm = TRUE) - 1) / 4, NA)
})
ranks <- apply(scores, 2, rank, na.last = "keep")
ties <- apply(scores, 2, function(y) { t <- as.numeric(table(round(y, 9))); sum(t^3 - t) })

totals <- function(group) {
  valid <- !is.na(scores)
  zero <- function(m) { m[!valid] <- 0; m }
  list(n = rowsum(valid + 0, group), sum = rowsum(zero(scores), group),
       squares = rowsum(zero(scores^2), group), ranks = rowsum(zero(ranks), group),
       risky = rowsum(zero((scores >= 62.5) + 0), group))
}
unit <- totals(answers$unit)
parent <- setNames(units$parent, units$unit)
department <- lapply(unit, function(m) rowsum(m, parent[rownames(m)]))
own <- setNames(units$headcount, units$unit)
below <- rowsum(units$headcount, units$parent)[, 1]
above <- intersect(names(own), names(below))
headcount <- own
headcount[above] <- own[above] + below[above]

both <- Map(rbind, unit, department)
n <- both$n; m <- both$sum / n; size <- headcount[rownames(n)]
v <- (both$squares - n * m^2) / (n - 1)
half <- qt(.975, n - 1) * sqrt(v / n) * sqrt(1 - n / size)
low <- pmax(0, m - half); high <- pmin(100, m + half)
p <- both$risky / n; inverse <- (size - n) / (n * (size - 1)); stretch <- 1 + z^2 * inverse
centre <- (p + z^2 * inverse / 2) / stretch
wilson <- z / stretch * sqrt(p * (1 - p) * inverse + z^2 * inverse^2 / 4)

each <- function(x) matrix(x, nrow(n), ncol(n), byrow = TRUE)
all_n <- each(colSums(unit$n)); n2 <- all_n - n
m2 <- (each(colSums(unit$sum)) - n * m) / n2
v2 <- (each(colSums(unit$squares)) - (n - 1) * v - n * m^2 - n2 * m2^2) / (n2 - 1)
a <- v / n; b <- v2 / n2
df <- (a + b)^2 / (a^2 / (n - 1) + b^2 / (n2 - 1))
p_welch <- 2 * pt(-abs(m - m2) / sqrt(a + b), df)
u <- both$ranks - n * (n + 1) / 2
sd_u <- sqrt(n * n2 / 12 * (all_n + 1 - each(ties) / (all_n * (all_n - 1))))
p_mwu <- 2 * pnorm(-(abs(u - n * n2 / 2) - .5) / sd_u)

total <- colSums(unit$n)
h <- (12 / (total * (total + 1)) * colSums(unit$ranks^2 / unit$n) - 3 * (total + 1)) /
  (1 - ties / (total^3 - total))
p_kruskal <- pchisq(h, nrow(unit$n) - 1, lower.tail = FALSE)
alpha <- sapply(seq_len(n_scales), function(s) {
  c <- cov(items[, (4 * s - 3):(4 * s)], use = "complete.obs")
  4 / 3 * (1 - sum(diag(c)) / sum(c))
})

# the remainder rule per parent: safe, not optimal
release <- function(counts) {
  shown <- character(); below <- units$unit[units$parent == ""]
  while (length(below)) {
    siblings <- units$unit[units$parent == below[1]]; below <- below[-1]
    siblings <- siblings[order(counts[siblings])]
    hidden <- 0
    for (one in siblings) {
      if (is.na(counts[one])) next
      if (counts[one] < k || (hidden > 0 && hidden < k)) hidden <- hidden + counts[one]
      else { shown <- c(shown, one); below <- c(below, one) }
    }
  }
  shown
}
is_shown <- sapply(seq_len(n_scales), function(s) rownames(n) %in% release(n[, s]))
q_welch <- p_welch; q_welch[] <- NA; q_welch[is_shown] <- p.adjust(p_welch[is_shown], "BH")
q_mwu <- q_welch; q_mwu[is_shown] <- p.adjust(p_mwu[is_shown], "BH")

flat <- function(x) { x[!is_shown] <- NA; c(x) }
write.csv(data.frame(
  unit = rownames(n), scale = rep(seq_len(n_scales), each = nrow(n)), n = flat(n), mean = flat(m),
  sd = flat(sqrt(v)), low = flat(low), high = flat(high), share = flat(p),
  share_low = flat(centre - wilson), share_high = flat(centre + wilson), p_welch = flat(p_welch),
  q_welch = flat(q_welch), p_mwu = flat(p_mwu), q_mwu = flat(q_mwu)
), file.path(folder, "r.csv"), row.names = FALSE)
write.csv(data.frame(alpha, p_kruskal), file.path(folder, "r_scales.csv"), row.names = FALSE)
